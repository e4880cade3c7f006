using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations.Commands;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations;

/// <summary>How long this conversation is kept. Deciding and purging are turns of one grain: what is held is not purged meanwhile.</summary>
internal sealed partial class ConversationGrain
{
    /// <summary>Messages of one call: less than may wait for a conversation, so that people's posts find room.</summary>
    private const int PurgeMax = 128;

    /// <summary>Stands for the tenant's decision in the log's commands and in the audit.</summary>
    internal static readonly UserId RetentionActor = UserId.Of("retention");

    public async Task<SetRetentionResult> SetRetentionAsync(SetRetention command, CancellationToken cancellationToken)
    {
        var (caller, wanted) = (command.Caller, command.Retention);
        if (caller.TenantId != _key.TenantId || !caller.Permissions.HasFlag(ChatPermissions.Retention))
        {
            return new SetRetentionResult { Refusal = SetRetentionRefusal.NotFound };
        }

        if (wanted.Days is { } days && !TenantPolicyRules.IsRetention(days))
        {
            return new SetRetentionResult { Refusal = SetRetentionRefusal.Invalid };
        }

        if (await retentions.ReadAsync(_key.TenantId, _key.ConversationId, cancellationToken) is not { } before)
        {
            return new SetRetentionResult { Refusal = SetRetentionRefusal.NotFound };
        }

        if (before == wanted)
        {
            return new SetRetentionResult();
        }

        if (before.Days != wanted.Days)
        {
            var stated = await AnsweredAsync(caller, () => _writer.SubmitAsync(new RetentionCommand(caller, before, wanted)));
            return new SetRetentionResult { Refusal = stated.Refusal is null ? null : SetRetentionRefusal.Unavailable };
        }

        var audit = DirectoryAudit.RetentionChanged(caller.UserId, _key.ConversationId, before, wanted, time.GetUtcNow());
        await retentions.SetAsync(_key.TenantId, _key.ConversationId, wanted, audit, cancellationToken);
        return new SetRetentionResult();
    }

    public async Task<PurgeResult> PurgeAsync(int? tenantDays, CancellationToken cancellationToken)
    {
        var retention = await retentions.ReadAsync(_key.TenantId, _key.ConversationId, cancellationToken);
        if (retention is null or { LegalHold: true } || (retention.Days ?? tenantDays) is not { } days)
        {
            return new PurgeResult();
        }

        await _writer.EnsureKnownAsync();
        var last = _writer.State?.LastMessageSeq;
        var cutoff = time.GetUtcNow().AddDays(-days);
        var caller = new Caller { TenantId = _key.TenantId, UserId = RetentionActor, Name = RetentionActor.Value, Permissions = default };
        var expired = await retentions.ReadExpiredAsync(_key.TenantId, _key.ConversationId, cutoff, PurgeMax, cancellationToken);
        var answers = await Task.WhenAll(expired.Select(seq =>
            AnsweredAsync(caller, () => _writer.SubmitAsync(new PurgeCommand(caller, seq, seq == last)))));
        var purged = answers.Count(answer => answer.Refusal is null);
        if (purged == PurgeMax)
        {
            return new PurgeResult { Messages = purged, More = true };
        }

        await retentions.DropVersionsAsync(_key.TenantId, _key.ConversationId, cutoff, cancellationToken);
        return new PurgeResult { Messages = purged };
    }
}
