using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Hubs;

/// <summary>
/// What clients may call (docs/protocol.md, Methods). Each method is: check the request's shape, one grain call with the
/// caller of the session, map the answer. It keeps nothing and sends nothing.
/// </summary>
internal sealed partial class ChatHub(
    IGrainLink grains, TenantFeeds feeds, PresenceReporter presence, IOptions<CallLimitOptions> limits, TimeProvider time) : Hub
{
    /// <summary>Far beyond every conversation, and far from overflowing where something is added to it.</summary>
    private const long SeqMax = 1L << 53;

    private const int FindTextScalarsMax = 80;
    private const int SyncPointsMax = 200;
    private const int PageDefault = 50;
    private const int UnreadPageDefault = 75;
    private const int PeopleDefault = 20;

    private Caller Caller => Context.Features.GetRequiredFeature<Session>().Caller;

    [Limited(CallKind.Send)]
    [Answers(typeof(PostAnswer))]
    public async Task<Answer> Post(PostRequest request)
    {
        if (InvalidClientId(request.ClientId) is { } invalid)
        {
            return invalid;
        }

        if (request.ReplyTo is not (null or (>= 1 and <= SeqMax)) || request.LastSeenSeq is < 0)
        {
            return Answers.Invalid("replyTo must be 1 or more, lastSeenSeq 0 or more.");
        }

        if (InvalidText(request.Text) is { } invalidText)
        {
            return invalidText;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        // What was seen is read, whatever becomes of the post (rule U6); both at once, for neither needs the other.
        var marking = request.LastSeenSeq is { } seen
            ? Inbox().MarkReadAsync(Caller, conversation, Math.Min(seen, SeqMax), CancellationToken.None)
            : Task.CompletedTask;
        var result = await Conversation(conversation).PostAsync(
            new PostMessage
            {
                Caller = Caller,
                ClientId = request.ClientId!.Value,
                Text = request.Text!,
                ReplyTo = request.ReplyTo,
                WideConfirmed = request.WideConfirmed == true,
            },
            CancellationToken.None);
        await marking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The next mark makes up for it.
        return result.Refusal is { } refusal
            ? Answers.Refused(refusal, result)
            : new PostAnswer { Seq = result.Seq, Rev = result.Rev, Time = result.Time, Duplicate = result.Duplicate, NotMembers = NotMembers(result) };
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(HistoryAnswer))]
    public async Task<Answer> History(HistoryRequest request)
    {
        HistoryAnchor? anchor = request.Anchor switch
        {
            "latest" => HistoryAnchor.Latest,
            "unread" => HistoryAnchor.Unread,
            "before" => HistoryAnchor.Before,
            "after" => HistoryAnchor.After,
            "around" => HistoryAnchor.Around,
            _ => null,
        };
        if (anchor is null)
        {
            return Answers.Invalid("anchor must be latest, unread, before, after or around.");
        }

        if (anchor is HistoryAnchor.Before or HistoryAnchor.After or HistoryAnchor.Around && request.Seq is not >= 1)
        {
            return Answers.Invalid("seq must be 1 or more.");
        }

        var limit = request.Limit ?? (anchor == HistoryAnchor.Unread ? UnreadPageDefault : PageDefault);
        if (InvalidPage(limit) is { } invalid)
        {
            return invalid;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var page = await Conversation(conversation).HistoryAsync(
            new HistoryQuery { Caller = Caller, Anchor = anchor.Value, Seq = Math.Min(request.Seq ?? 0, SeqMax), Limit = limit },
            Context.ConnectionAborted);
        return page.Found
            ? new HistoryAnswer { Messages = page.Messages.ToWire(), Head = page.Head.ToWire(), ReadSeq = page.ReadSeq }
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(ListConversationsAnswer))]
    public async Task<Answer> ListConversations(ListConversationsRequest request)
    {
        var limit = request.Limit ?? PageDefault;
        if (InvalidPage(limit) is { } invalid)
        {
            return invalid;
        }

        InboxPosition? after = null;
        if (request.After is { } text && !InboxPositionText.TryParse(text, out after))
        {
            return Answers.Invalid("after is not the next of a page before.");
        }

        if (request.Filter is not null && InvalidFindText(request.Filter) is { } invalidFilter)
        {
            return invalidFilter;
        }

        var page = await Inbox().ListAsync(
            new InboxQuery { Caller = Caller, Limit = limit, After = after, Filter = request.Filter?.Trim() }, Context.ConnectionAborted);
        return new ListConversationsAnswer
        {
            Conversations = [.. page.Rows.Select(WireMapping.ToWire)],
            Next = page.Next is { } next ? InboxPositionText.Format(next) : null,
        };
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(SyncAnswer))]
    public async Task<Answer> Sync(SyncRequest request)
    {
        if (request.Conversations is not { Count: >= 1 and <= SyncPointsMax } asked)
        {
            return Answers.Invalid($"conversations must have 1 to {SyncPointsMax} entries.");
        }

        // An id that cannot be one is answered like one that does not exist.
        var points = ImmutableArray.CreateBuilder<SyncPoint>(asked.Count);
        foreach (var point in asked)
        {
            if (point is not { Id: not null, Rev: >= 0 })
            {
                return Answers.Invalid("Each of conversations must have an id and a rev, 0 or more.");
            }

            if (ConversationId.TryParse(point.Id, out var conversation))
            {
                points.Add(new SyncPoint { ConversationId = conversation, Rev = point.Rev.Value });
            }
        }

        var synced = points.Count == 0 ? [] : await Inbox().SyncAsync(Caller, points.ToImmutable(), Context.ConnectionAborted);
        var answers = new List<WireSyncedConversation>(asked.Count);
        var at = 0;
        foreach (var point in asked)
        {
            answers.Add(at < synced.Length && synced[at].ConversationId.Value == point.Id
                ? synced[at++].ToWire()
                : new WireSyncedConversation { Id = point.Id!, Status = "gone" });
        }

        return new SyncAnswer { Conversations = answers };
    }

    [Limited(CallKind.MarkRead)]
    [Answers(typeof(MarkReadAnswer))]
    public async Task<Answer> MarkRead(MarkReadRequest request)
    {
        if (request.UpToSeq is not >= 0)
        {
            return Answers.Invalid("upToSeq must be 0 or more.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Inbox().MarkReadAsync(Caller, conversation, Math.Min(request.UpToSeq.Value, SeqMax), Context.ConnectionAborted);
        return result.Basis is { } basis ? new MarkReadAnswer { Unread = basis.ToWire() } : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(FindPeopleAnswer))]
    public async Task<Answer> FindPeople(FindPeopleRequest request)
    {
        if (InvalidFindText(request.Text) is { } invalidText)
        {
            return invalidText;
        }

        var limit = request.Limit ?? PeopleDefault;
        if (InvalidPage(limit) is { } invalid)
        {
            return invalid;
        }

        var people = await Directory().FindAsync(request.Text!, limit, Context.ConnectionAborted);
        return new FindPeopleAnswer { People = [.. people.Select(person => person.ToFound(Caller.UserId))] };
    }

    private Answer? InvalidPage(int limit) =>
        limit >= 1 && limit <= limits.Value.PageMax ? null : Answers.Invalid($"limit must be 1 to {limits.Value.PageMax}.");

    private IConversationGrain Conversation(ConversationId id) =>
        grains.Client.GetGrain<IConversationGrain>(new ConversationKey(Caller.TenantId, id).ToString());

    private IUnreadGrain Inbox() => grains.Client.GetGrain<IUnreadGrain>(new UserKey(Caller.TenantId, Caller.UserId).ToString());
}
