using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Inbox;

/// <summary>What notifies the person, and why it did (rules N7, N10, N12).</summary>
internal sealed partial class UnreadGrain
{
    private const int WriteAttemptsMax = 10;

    public async Task<SetNotificationsResult> SetNotificationsAsync(SetNotifications command, CancellationToken cancellationToken)
    {
        if (!IsMine(command.Caller) || await ChangeAsync(command, cancellationToken) is not { } changed
            || await RowAsync(command.ConversationId, cancellationToken) is not { } row)
        {
            return new SetNotificationsResult();
        }

        if (changed)
        {
            await TellAsync(new NotificationsChanged
            {
                TenantId = _key.TenantId,
                UserId = _key.UserId,
                ConversationId = command.ConversationId,
                Level = row.Level,
                Basis = row.Basis,
            });
        }

        return new SetNotificationsResult { Basis = row.Basis, Level = row.Level };
    }

    public async Task<MentionsPage> MentionsAsync(MentionsQuery query, CancellationToken cancellationToken) => IsMine(query.Caller)
        ? await inbox.ListMentionsAsync(_key.TenantId, _key.UserId, query.After, query.Limit, query.UnreadOnly, cancellationToken)
        : new MentionsPage { Rows = [] };

    public async Task<bool> MarkMentionDoneAsync(
        Caller caller, ConversationId conversation, long seq, bool done, CancellationToken cancellationToken)
    {
        DateTimeOffset? doneAt = done ? time.GetUtcNow() : null;
        if (!IsMine(caller) || !await inbox.MarkMentionDoneAsync(_key.TenantId, _key.UserId, conversation, seq, doneAt, cancellationToken))
        {
            return false;
        }

        await TellAsync(new MentionMarked { TenantId = _key.TenantId, UserId = _key.UserId, ConversationId = conversation, Seq = seq, Done = done });
        return true;
    }

    public async Task ReportNotificationsAsync(
        Caller caller, string device, ImmutableArray<NotificationReport> reports, CancellationToken cancellationToken)
    {
        if (!IsMine(caller))
        {
            return;
        }

        // A device's clock may be wrong: nothing was done after it was reported, nor before it is kept.
        var now = time.GetUtcNow();
        var earliest = now - options.Value.ReasonsKept;
        await inbox.ReportNotificationsAsync(
            _key.TenantId,
            _key.UserId,
            device,
            [.. reports.Select(report => report with { At = report.At > now ? now : report.At < earliest ? earliest : report.At })],
            cancellationToken);
    }

    public async Task<WhyNotifiedResult> WhyNotifiedAsync(Caller caller, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        if (!IsMine(caller) || await inbox.ReadNotifiedAsync(_key.TenantId, _key.UserId, conversation, seq, cancellationToken) is not { } read)
        {
            return new WhyNotifiedResult();
        }

        if (time.GetUtcNow() - read.Message.Time > options.Value.ReasonsKept)
        {
            return new WhyNotifiedResult { TooOld = true };
        }

        var (notified, reason) = NotificationRules.Decide(read, _key.UserId);
        return new WhyNotifiedResult { Notified = notified, Reason = reason, Devices = read.Devices };
    }

    public async Task<NotifyNowResult> NotifyNowAsync(Caller caller, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        if (!IsMine(caller)
            || await inbox.ReadNotifiedAsync(_key.TenantId, _key.UserId, conversation, seq, cancellationToken) is not { Message: { Fact: null } message })
        {
            return new NotifyNowResult { Refusal = NotifyNowRefusal.NotFound };
        }

        if (message.AuthorId != _key.UserId)
        {
            return new NotifyNowResult { Refusal = NotifyNowRefusal.NotAuthor };
        }

        if (message.DeletedAt is not null)
        {
            return new NotifyNowResult { Refusal = NotifyNowRefusal.MessageDeleted };
        }

        var people = await UndisturbedAsync(conversation, message.Mentions?.Users ?? [], cancellationToken);
        var notified = people.IsEmpty
            ? []
            : await inbox.TakeNotifyNowAsync(_key.TenantId, _key.UserId, people, time.GetUtcNow(), options.Value.NotifyNowPause, cancellationToken);
        if (!notified.IsEmpty)
        {
            await TellAsync(new NotifyNow
            {
                TenantId = _key.TenantId,
                Users = notified,
                ConversationId = conversation,
                Seq = seq,
                AuthorId = _key.UserId,
            });
        }

        return new NotifyNowResult { Notified = notified, TooSoon = [.. people.Except(notified)] };
    }

    /// <summary>Those among the mentioned who are still members and ask not to be disturbed now.</summary>
    private async Task<ImmutableArray<UserId>> UndisturbedAsync(
        ConversationId conversation, ImmutableArray<UserId> mentioned, CancellationToken cancellationToken)
    {
        if (mentioned.IsEmpty)
        {
            return [];
        }

        var members = await GrainFactory.GetGrain<IConversationGrain>(new ConversationKey(_key.TenantId, conversation).ToString())
            .MembersAsync(cancellationToken);
        var presences = await GrainFactory.GetGrain<IPresenceReaderGrain>(new TenantKey(_key.TenantId).ToString())
            .ReadAsync([.. mentioned.Intersect(members.Members)], cancellationToken);
        return [.. presences.Where(presence => presence.State == PresenceState.Dnd).Select(presence => presence.UserId)];
    }

    /// <returns>Whether anything is different now; null when the caller is no member.</returns>
    private async Task<bool?> ChangeAsync(SetNotifications command, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < WriteAttemptsMax; attempt++)
        {
            if (await inbox.ReadNotificationsAsync(_key.TenantId, _key.UserId, command.ConversationId, cancellationToken) is not { } before)
            {
                return null;
            }

            var now = StoredTime.Truncate(time.GetUtcNow());
            var after = NotificationRules.Change(before.Settings, command, now);
            if (after == before.Settings)
            {
                return false;
            }

            if (await inbox.WriteNotificationsAsync(_key.TenantId, _key.UserId, command.ConversationId, before, after, now, cancellationToken))
            {
                return true;
            }
        }

        throw new StoreUnavailableException("The row moved again and again; nothing was written.");
    }
}
