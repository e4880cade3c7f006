using Microsoft.AspNetCore.Http.Features;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Presence and typing.</summary>
internal sealed partial class ChatHub
{
    private Session Session => Context.Features.GetRequiredFeature<Session>();

    [Limited(CallKind.Activity)]
    [Answers(typeof(ActivityAnswer))]
    public Answer Activity(ActivityRequest request)
    {
        presence.Touch(Caller);
        return new ActivityAnswer();
    }

    [Limited(CallKind.Watch)]
    [Answers(typeof(WatchAnswer))]
    public async Task<Answer> Watch(WatchRequest request)
    {
        if (request.Users is not { } asked || asked.Count > limits.Value.WatchUsersMax || asked.Any(user => user is null))
        {
            return Answers.Invalid($"users must have 0 to {limits.Value.WatchUsersMax} entries.");
        }

        // An id that cannot be one is answered like one that nobody has.
        List<UserId> users = [];
        foreach (var text in asked)
        {
            if (UserId.TryParse(text, out var user))
            {
                users.Add(user);
            }
        }

        var seen = (await feeds.WatchesOf(Caller.TenantId).WatchAsync(Session, users, Context.ConnectionAborted)).ToWire();
        var answers = new WirePersonPresence[asked.Count];
        for (var (place, at) = (0, 0); place < answers.Length; place++)
        {
            answers[place] = at < seen.Length && seen[at].UserId == asked[place]
                ? seen[at++]
                : new WirePersonPresence { UserId = asked[place], State = "unknown", AsOf = time.GetUtcNow() };
        }

        return new WatchAnswer { Presence = answers };
    }

    [Limited(CallKind.Watch)]
    [Answers(typeof(SetStatusAnswer))]
    public async Task<Answer> SetStatus(SetStatusRequest request)
    {
        if (PresenceMapping.StatusOf(request.Status) is not { } status)
        {
            return Answers.Invalid("status must be auto, away, dnd or offline.");
        }

        var result = await Presence().SetStatusAsync(new SetStatus { Caller = Caller, Status = status, Until = request.Until }, Context.ConnectionAborted);
        return result.Refusal is { } refusal ? Refused(refusal) : new SetStatusAnswer { Me = result.Own!.ToWire() };
    }

    [Limited(CallKind.Watch)]
    [Answers(typeof(SetPreferencesAnswer))]
    public async Task<Answer> SetPreferences(SetPreferencesRequest request)
    {
        if (request.ShowTyping is not { } showTyping)
        {
            return Answers.Invalid("showTyping is missing.");
        }

        var own = await Presence().SetShowTypingAsync(Caller, showTyping, Context.ConnectionAborted);
        return own is null ? Answers.NotFound() : new SetPreferencesAnswer { Me = own.ToWire() };
    }

    [Limited(CallKind.Activity)]
    [Answers(typeof(ViewAnswer))]
    public Answer View(ViewRequest request)
    {
        if (request.ConversationIds is not { } asked || asked.Count > limits.Value.ViewConversationsMax)
        {
            return Answers.Invalid($"conversationIds must have 0 to {limits.Value.ViewConversationsMax} entries.");
        }

        // Whether they exist and whose they are does not matter: what is told goes to members only.
        List<ConversationId> viewed = [];
        foreach (var text in asked)
        {
            if (ConversationId.TryParse(text, out var conversation))
            {
                viewed.Add(conversation);
            }
        }

        Session.Views = [.. viewed];
        return new ViewAnswer();
    }

    [Limited(CallKind.Typing)]
    [Answers(typeof(TypingAnswer))]
    public async Task<Answer> Typing(TypingRequest request)
    {
        if (request.Typing is not { } typing)
        {
            return Answers.Invalid("typing is missing.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        if (typing && !await Presence().ShowsTypingAsync(Context.ConnectionAborted))
        {
            return new TypingAnswer(); // Not forwarded, and nobody can tell (rule T7). An end tells nothing without a beginning.
        }

        var result = await Conversation(conversation)
            .TypingAsync(new TypingNotice { Caller = Caller, Typing = typing }, Context.ConnectionAborted);
        return result.Refusal is { } refusal ? Refused(refusal, result.RetryAfter) : new TypingAnswer();
    }

    private static Answer Refused(SetStatusRefusal refusal) => refusal switch
    {
        SetStatusRefusal.NotFound => Answers.NotFound(),
        SetStatusRefusal.UntilInvalid => Answers.Invalid("until must be in the future, at most a year away, and only with dnd."),
    };

    private static Answer Refused(TypingRefusal refusal, TimeSpan? retryAfter) => refusal switch
    {
        TypingRefusal.NotFound => Answers.NotFound(),
        TypingRefusal.Forbidden => Answers.Refused(ErrorCodes.Forbidden, "You may not write here."),
        TypingRefusal.PeerInactive => Answers.Refused(CommandRefusal.PeerInactive),
        TypingRefusal.RateLimited => Answers.Refused(ErrorCodes.RateLimited, "Too many notices for this conversation.", retryAfter),
    };

    private IPresenceGrain Presence() => grains.Client.GetGrain<IPresenceGrain>(new PresenceKey(Caller.TenantId, Caller.UserId).ToString());
}
