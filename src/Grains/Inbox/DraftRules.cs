using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>What becomes of a draft that is saved (rule W3); pure.</summary>
internal static class DraftRules
{
    /// <summary>The text as it is kept, or why it is refused: a post's bounds. What has nothing but white space could not be posted; it is no draft.</summary>
    internal static (string Text, SaveDraftRefusal? Refusal) CheckText(string text, ConversationOptions options)
    {
        var (kept, refusal) = ConversationRules.CheckText(text, options);
        return refusal switch
        {
            null => (kept, null),
            CommandRefusal.TextEmpty => (string.Empty, null),
            CommandRefusal.TextTooLong => (text, SaveDraftRefusal.TextTooLong),
            _ => (text, SaveDraftRefusal.TextInvalid),
        };
    }

    /// <summary>
    /// What is stored after a command, or why nothing is written. Content that is stored already changes nothing, so a repetition is
    /// answered like the call whose answer was lost. Whoever saw no draft (version 0) replaces one that was emptied: no text is lost.
    /// </summary>
    internal static SaveDraftResult Change(DraftRead read, SaveDraft command, string text, int draftsMax, DateTimeOffset now)
    {
        var before = read.Draft;
        var replyTo = text.Length == 0 ? null : command.ReplyTo;
        return before switch
        {
            _ when before.Text == text && before.ReplyTo == replyTo => new SaveDraftResult { Draft = before },
            _ when command.Version != before.Version && !(command.Version == 0 && before.IsEmpty) =>
                new SaveDraftResult { Refusal = SaveDraftRefusal.VersionStale, Draft = before },
            { IsEmpty: true } when read.Drafts >= draftsMax => new SaveDraftResult { Refusal = SaveDraftRefusal.TooManyDrafts },
            _ => new SaveDraftResult
            {
                Draft = before with { Version = before.Version + 1, Text = text, ReplyTo = replyTo, SavedAt = text.Length == 0 ? null : now },
            },
        };
    }
}
