using System.Collections.Immutable;
using System.Text.Json;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// Stands between a tenant's auditors and what is stored: nobody reads a conversation of others that the audit does not state
/// first. Keeps nothing; a reading is its entry in the audit.
/// </summary>
[StatelessWorker]
[GrainType("audit")]
internal sealed class AuditGrain(IAuditStore audit, IArchiveStore archive, TimeProvider time) : Grain, IAuditGrain
{
    private const string ReadingOpened = "reading.opened";

    private readonly ArchiveReader _reader = new(archive);
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<AuditRecord>> PageAsync(Caller caller, Guid? before, int limit, CancellationToken cancellationToken) =>
        May(caller) ? await audit.ReadPageAsync(_tenant, before, limit, cancellationToken) : [];

    public async Task<AuditReading?> OpenReadingAsync(OpenReading command, CancellationToken cancellationToken)
    {
        if (!May(command.Caller)
            || command.Minutes is < 1 or > OpenReading.MinutesMax
            || string.IsNullOrWhiteSpace(command.Reason)
            || await archive.ReadConversationAsync(_tenant, command.ConversationId, cancellationToken) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var details = new { reason = command.Reason, minutes = command.Minutes };
        var entry = DirectoryAudit.Entry(command.Caller.UserId, ReadingOpened, now, details, command.ConversationId);
        await audit.AddAsync(_tenant, entry, cancellationToken);
        return new AuditReading { Id = entry.Id, Until = UntilOf(entry) };
    }

    public async Task<ArchiveLines?> ReadAsync(Caller caller, Guid reading, ArchivePosition? after, CancellationToken cancellationToken)
    {
        if (!May(caller)
            || await audit.FindAsync(_tenant, reading, cancellationToken) is not { Action: ReadingOpened, ConversationId: { } conversation } entry
            || entry.ActorId != caller.UserId
            || time.GetUtcNow() >= UntilOf(entry)
            || (after is not null && after.ConversationId != conversation))
        {
            return null;
        }

        var (lines, next) = await _reader.ReadAsync(
            _tenant, after ?? new ArchivePosition { ConversationId = conversation, Rev = 0, Seq = 0 }, cancellationToken);
        return new ArchiveLines { Lines = lines, Next = lines.IsEmpty ? null : next };
    }

    private static DateTimeOffset UntilOf(AuditRecord entry)
    {
        using var details = JsonDocument.Parse(entry.Details);
        return entry.At.AddMinutes(details.RootElement.GetProperty("minutes").GetInt32());
    }

    private bool May(Caller caller) => caller.TenantId == _tenant && caller.Permissions.HasFlag(ChatPermissions.AuditRead);
}
