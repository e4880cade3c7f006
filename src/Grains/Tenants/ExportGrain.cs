using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>A tenant's conversations as an export: one after the other in order of ids, each from its header to its last change.</summary>
[StatelessWorker]
[GrainType("export")]
internal sealed class ExportGrain(IArchiveStore archive, IAuditStore audit, TimeProvider time) : Grain, IExportGrain
{
    private readonly ArchiveReader _reader = new(archive);
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        return Task.CompletedTask;
    }

    public async Task<bool> StartAsync(Caller caller, ArchivePosition? after, CancellationToken cancellationToken)
    {
        if (!May(caller))
        {
            return false;
        }

        var entry = DirectoryAudit.Entry(caller.UserId, "export.started", time.GetUtcNow(), new { after = after?.ToString() });
        await audit.AddAsync(_tenant, entry, cancellationToken);
        return true;
    }

    public async Task<ArchiveLines> NextAsync(Caller caller, ArchivePosition? after, CancellationToken cancellationToken)
    {
        if (!May(caller))
        {
            return new ArchiveLines();
        }

        if (after is not null)
        {
            var (lines, next) = await _reader.ReadAsync(_tenant, after, cancellationToken);
            if (!lines.IsEmpty)
            {
                return new ArchiveLines { Lines = lines, Next = next };
            }
        }

        if (await archive.ReadNextConversationAsync(_tenant, after?.ConversationId, cancellationToken) is not { } conversation)
        {
            return new ArchiveLines();
        }

        var memberships = await archive.ReadMembershipsAsync(_tenant, conversation.Id, cancellationToken);
        return new ArchiveLines
        {
            Lines = [ArchiveLine.Of(conversation), .. memberships.Select(membership => ArchiveLine.Of(conversation.Id, membership))],
            Next = new ArchivePosition { ConversationId = conversation.Id, Rev = 0, Seq = 0 },
        };
    }

    private bool May(Caller caller) => caller.TenantId == _tenant && caller.Permissions.HasFlag(ChatPermissions.Export);
}
