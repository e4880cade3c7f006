using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Text;

namespace OrleansChat.Gateway.Hubs;

/// <summary>What becomes of messages.</summary>
internal sealed partial class ChatHub
{
    [Limited(CallKind.Send)]
    [Answers(typeof(EditAnswer))]
    public async Task<Answer> Edit(EditRequest request)
    {
        if (InvalidChange(request.ClientId, request.Seq) is { } invalid)
        {
            return invalid;
        }

        if (request.Version is not >= 1)
        {
            return Answers.Invalid("version must be 1 or more.");
        }

        if (InvalidText(request.Text) is { } invalidText)
        {
            return invalidText;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var result = await Conversation(conversation).EditAsync(
            new EditMessage
            {
                Caller = Caller,
                ClientId = request.ClientId!.Value,
                Seq = request.Seq!.Value,
                Version = request.Version.Value,
                Text = request.Text!,
                WideConfirmed = request.WideConfirmed == true,
            },
            CancellationToken.None);
        return result.Refusal is { } refusal
            ? Answers.Refused(refusal, result)
            : new EditAnswer { Rev = result.Rev, Time = result.Time, Duplicate = result.Duplicate, NotMembers = NotMembers(result) };
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> Delete(DeleteRequest request)
    {
        if (InvalidChange(request.ClientId, request.Seq) is { } invalid)
        {
            return invalid;
        }

        return ConversationId.TryParse(request.ConversationId, out var conversation)
            ? ToAnswer(await Conversation(conversation).DeleteAsync(
                new DeleteMessage { Caller = Caller, ClientId = request.ClientId!.Value, Seq = request.Seq!.Value }, CancellationToken.None))
            : Answers.NotFound();
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> React(ReactRequest request)
    {
        if (InvalidChange(request.ClientId, request.Seq) is { } invalid)
        {
            return invalid;
        }

        if (request is not { Emoji: { } emoji, Add: { } add })
        {
            return Answers.Invalid("emoji or add is missing.");
        }

        if (TextRules.Normalize(emoji) is null)
        {
            return Answers.Refused(CommandRefusal.EmojiInvalid);
        }

        return ConversationId.TryParse(request.ConversationId, out var conversation)
            ? ToAnswer(await Conversation(conversation).ReactAsync(
                new ReactToMessage { Caller = Caller, ClientId = request.ClientId!.Value, Seq = request.Seq!.Value, Emoji = emoji, Add = add },
                CancellationToken.None))
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(VersionsAnswer))]
    public async Task<Answer> Versions(VersionsRequest request)
    {
        if (request.Seq is not >= 1)
        {
            return Answers.Invalid("seq must be 1 or more.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var page = await Conversation(conversation).VersionsAsync(Caller, Math.Min(request.Seq.Value, SeqMax), Context.ConnectionAborted);
        return !page.Found ? Answers.NotFound()
            : page.Hidden ? Answers.Refused(CommandRefusal.Forbidden)
            : new VersionsAnswer { Versions = [.. page.Versions.Select(version => version.ToWire())] };
    }

    /// <summary>The grain checks it too; but on the way to another process a lone surrogate would silently become U+FFFD.</summary>
    private static Answer? InvalidText(string? text) =>
        text is null ? Answers.Invalid("text is missing.")
            : TextRules.Normalize(text) is null ? Answers.Refused(CommandRefusal.TextInvalid)
            : null;

    private static Answer? InvalidChange(Guid? clientId, long? seq) =>
        InvalidClientId(clientId) ?? (seq is >= 1 and <= SeqMax ? null : Answers.Invalid("seq must be 1 or more."));

    private static Answer? InvalidClientId(Guid? clientId) =>
        clientId is { } id && id != Guid.Empty ? null : Answers.Invalid("clientId must be a UUID, not all zero.");

    private static Answer ToAnswer(CommandResult result) => result.Refusal is { } refusal
        ? Answers.Refused(refusal, result)
        : new ChangeAnswer { Rev = result.Rev, Time = result.Time, Duplicate = result.Duplicate };

    private static string[]? NotMembers(CommandResult result) => result.NotMembers.IsDefaultOrEmpty ? null : result.NotMembers.ToWire();
}
