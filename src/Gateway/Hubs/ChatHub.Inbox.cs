using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Text;

namespace OrleansChat.Gateway.Hubs;

/// <summary>The caller's inbox: what is unread, what notifies and why, what is found by name.</summary>
internal sealed partial class ChatHub
{
    private const int FoundMax = 50;
    private const int FoundDefault = 20;
    private const int MentionableMax = 8;
    private const int ReportsMax = 50;
    private const int DeviceScalarsMax = 64;

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(MarkReadAnswer))]
    public async Task<Answer> MarkUnread(MarkUnreadRequest request)
    {
        if (request.FromSeq is not >= 1)
        {
            return Answers.Invalid("fromSeq must be 1 or more.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Inbox().MarkUnreadAsync(Caller, conversation, Math.Min(request.FromSeq.Value, SeqMax), Context.ConnectionAborted);
        return result.Basis is { } basis ? new MarkReadAnswer { Unread = basis.ToWire() } : Answers.NotFound();
    }

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(MarkAllReadAnswer))]
    public async Task<Answer> MarkAllRead(MarkAllReadRequest request)
    {
        var result = await Inbox().MarkAllReadAsync(Caller, CancellationToken.None); // To its end: who leaves now may want it undone.
        return new MarkAllReadAnswer { Conversations = result.Conversations, Undo = result.Undo };
    }

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(UndoMarkAllReadAnswer))]
    public async Task<Answer> UndoMarkAllRead(UndoMarkAllReadRequest request)
    {
        if (request.Undo is not { } undo)
        {
            return Answers.Invalid("undo must be what MarkAllRead answered.");
        }

        var result = await Inbox().UndoMarkAllReadAsync(Caller, undo, CancellationToken.None);
        return result.Expired
            ? Answers.Refused(ErrorCodes.UndoExpired, "It is too late to undo it.")
            : new UndoMarkAllReadAnswer { Conversations = result.Conversations };
    }

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(SetNotificationsAnswer))]
    public async Task<Answer> SetNotifications(SetNotificationsRequest request)
    {
        var level = request.Level is { } levelName ? InboxMapping.LevelOf(levelName) : null;
        var mute = request.Mute is { } muteName ? InboxMapping.MuteOf(muteName) : null;
        if ((level is null) != (request.Level is null) || (mute is null) != (request.Mute is null))
        {
            return Answers.Invalid("level must be default, all, mentions or nothing; mute must be on or off.");
        }

        if (level is null && mute is null)
        {
            return Answers.Invalid("level or mute must be given.");
        }

        if (request.MutedUntil is not null && mute != MuteChange.On)
        {
            return Answers.Invalid("mutedUntil belongs to mute on.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Inbox().SetNotificationsAsync(
            new SetNotifications { Caller = Caller, ConversationId = conversation, Level = level, Mute = mute, MutedUntil = request.MutedUntil },
            Context.ConnectionAborted);
        return result.Basis is { } basis
            ? new SetNotificationsAnswer { Level = result.Level.ToWire(), Unread = basis.ToWire() }
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(MentionsAnswer))]
    public async Task<Answer> Mentions(MentionsRequest request)
    {
        var limit = request.Limit ?? PageDefault;
        if (InvalidPage(limit) is { } invalid)
        {
            return invalid;
        }

        MentionPosition? after = null;
        if (request.After is { } text && !MentionPositionText.TryParse(text, out after))
        {
            return Answers.Invalid("after is not the next of a page before.");
        }

        var page = await Inbox().MentionsAsync(
            new MentionsQuery { Caller = Caller, Limit = limit, After = after, UnreadOnly = request.UnreadOnly == true }, Context.ConnectionAborted);
        return new MentionsAnswer
        {
            Mentions = [.. page.Rows.Select(InboxMapping.ToWire)],
            Next = page.Next is { } next ? MentionPositionText.Format(next) : null,
        };
    }

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(DoneAnswer))]
    public async Task<Answer> MarkMentionDone(MarkMentionDoneRequest request)
    {
        if (request is not { Seq: >= 1 and <= SeqMax, Done: { } done })
        {
            return Answers.Invalid("seq must be 1 or more, done true or false.");
        }

        return ConversationId.TryParse(request.ConversationId, out var conversation)
            && await Inbox().MarkMentionDoneAsync(Caller, conversation, request.Seq.Value, done, Context.ConnectionAborted)
            ? new DoneAnswer()
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(FindConversationsAnswer))]
    public async Task<Answer> FindConversations(FindConversationsRequest request)
    {
        var limit = request.Limit ?? FoundDefault;
        if (limit is < 1 or > FoundMax)
        {
            return Answers.Invalid($"limit must be 1 to {FoundMax}.");
        }

        if (InvalidFindText(request.Text) is { } invalid)
        {
            return invalid;
        }

        var found = await Inbox().FindConversationsAsync(Caller, request.Text!, limit, Context.ConnectionAborted);
        return new FindConversationsAnswer { Conversations = [.. found.Select(InboxMapping.ToWire)] };
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(FindMentionableAnswer))]
    public async Task<Answer> FindMentionable(FindMentionableRequest request)
    {
        var limit = request.Limit ?? MentionableMax;
        if (limit is < 1 or > MentionableMax)
        {
            return Answers.Invalid($"limit must be 1 to {MentionableMax}.");
        }

        if (InvalidFindText(request.Text) is { } invalid)
        {
            return invalid;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var found = await Inbox().FindMentionableAsync(Caller, conversation, request.Text!, limit, Context.ConnectionAborted);
        return found.Found ? new FindMentionableAnswer { People = [.. found.People.Select(WireMapping.ToWire)] } : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(WhyNotifiedAnswer))]
    public async Task<Answer> WhyNotified(WhyNotifiedRequest request)
    {
        if (request.Seq is not (>= 1 and <= SeqMax))
        {
            return Answers.Invalid("seq must be 1 or more.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Inbox().WhyNotifiedAsync(Caller, conversation, request.Seq.Value, Context.ConnectionAborted);
        return result switch
        {
            { Reason: { } reason } => new WhyNotifiedAnswer
            {
                Notified = result.Notified,
                Reason = reason.ToWire(),
                Devices = [.. result.Devices.Select(InboxMapping.ToWire)],
            },
            { TooOld: true } => Answers.Refused(ErrorCodes.ReasonForgotten, "It is too long ago."),
            _ => Answers.NotFound(),
        };
    }

    [Limited(CallKind.Report)]
    [Answers(typeof(DoneAnswer))]
    public async Task<Answer> ReportNotifications(ReportNotificationsRequest request)
    {
        if (request.Device is not { } device || TextRules.Name(device, DeviceScalarsMax) is not { } name)
        {
            return Answers.Invalid($"device must have 1 to {DeviceScalarsMax} scalars.");
        }

        if (request.Items is not { Count: >= 1 and <= ReportsMax } items)
        {
            return Answers.Invalid($"items must have 1 to {ReportsMax} entries.");
        }

        var reports = ImmutableArray.CreateBuilder<NotificationReport>(items.Count);
        foreach (var item in items)
        {
            if (item is not { ConversationId: not null, Seq: >= 1 and <= SeqMax, At: { } at } || InboxMapping.OutcomeOf(item.Outcome) is not { } outcome)
            {
                return Answers.Invalid("Each of items must have a conversationId, a seq, an outcome and a time.");
            }

            if (ConversationId.TryParse(item.ConversationId, out var conversation))
            {
                reports.Add(new NotificationReport { ConversationId = conversation, Seq = item.Seq.Value, Outcome = outcome, At = at });
            }
        }

        if (reports.Count > 0)
        {
            await Inbox().ReportNotificationsAsync(Caller, name, reports.ToImmutable(), Context.ConnectionAborted);
        }

        return new DoneAnswer();
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(NotifyNowAnswer))]
    public async Task<Answer> NotifyNow(NotifyNowRequest request)
    {
        if (request.Seq is not (>= 1 and <= SeqMax))
        {
            return Answers.Invalid("seq must be 1 or more.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Inbox().NotifyNowAsync(Caller, conversation, request.Seq.Value, CancellationToken.None);
        return result.Refusal is { } refusal
            ? Refused(refusal)
            : new NotifyNowAnswer { Notified = result.Notified.ToWire(), TooSoon = result.TooSoon.ToWire() };
    }

    private static Answer Refused(NotifyNowRefusal refusal) => refusal switch
    {
        NotifyNowRefusal.NotFound => Answers.NotFound(),
        NotifyNowRefusal.NotAuthor => Answers.Refused(CommandRefusal.Forbidden),
        NotifyNowRefusal.MessageDeleted => Answers.Refused(CommandRefusal.MessageDeleted),
    };

    /// <summary>Why a text is none to look for; null when it is one.</summary>
    private static Answer? InvalidFindText(string? text) => text switch
    {
        null => Answers.Invalid("text is missing."),
        _ when TextRules.HasMoreScalarsThan(text, FindTextScalarsMax) => Answers.Invalid($"text must have 0 to {FindTextScalarsMax} scalars."),
        _ when TextRules.Normalize(text) is null => Answers.Refused(CommandRefusal.TextInvalid),
        _ => null,
    };
}
