using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Hubs;

/// <summary>What the caller has written and not sent yet.</summary>
internal sealed partial class ChatHub
{
    [Limited(CallKind.Draft)]
    [Answers(typeof(SaveDraftAnswer))]
    public async Task<Answer> SaveDraft(SaveDraftRequest request)
    {
        if (request.Version is not (>= 0 and <= SeqMax) || request.ReplyTo is not (null or (>= 1 and <= SeqMax)))
        {
            return Answers.Invalid("version must be 0 or more, replyTo 1 or more.");
        }

        if (InvalidText(request.Text) is { } invalid)
        {
            return invalid;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        // To its end: the last call of a page that is closed is the one that matters.
        var result = await Inbox().SaveDraftAsync(
            new SaveDraft { Caller = Caller, ConversationId = conversation, Text = request.Text!, ReplyTo = request.ReplyTo, Version = request.Version.Value },
            CancellationToken.None);
        return result.Refusal is { } refusal ? Refused(refusal, result.Draft) : new SaveDraftAnswer { Draft = result.Draft!.ToWire() };
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(DraftsAnswer))]
    public async Task<Answer> Drafts(DraftsRequest request) =>
        new DraftsAnswer { Drafts = [.. (await Inbox().DraftsAsync(Caller, Context.ConnectionAborted)).Select(InboxMapping.ToWire)] };

    private static Answer Refused(SaveDraftRefusal refusal, Draft? stored) => refusal switch
    {
        SaveDraftRefusal.NotFound => Answers.NotFound(),
        SaveDraftRefusal.TextTooLong => Answers.Refused(CommandRefusal.TextTooLong),
        SaveDraftRefusal.TextInvalid => Answers.Refused(CommandRefusal.TextInvalid),
        SaveDraftRefusal.VersionStale => Answers.Stale(stored!),
        SaveDraftRefusal.TooManyDrafts => Answers.Refused(ErrorCodes.TooManyDrafts, "You have as many drafts as one person may have."),
    };
}
