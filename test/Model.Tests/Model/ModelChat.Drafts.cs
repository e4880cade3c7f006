using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Model.Tests.Model;

/// <summary>What people have written and not sent yet (rule W3).</summary>
internal sealed partial class ModelChat
{
    /// <summary>Also those that are gone, for their versions.</summary>
    private readonly Dictionary<(UserId User, ConversationId Id), Draft> _drafts = [];

    internal Draft DraftOf(UserId user, ConversationId id) =>
        _drafts.GetValueOrDefault((user, id), new Draft { ConversationId = id, Version = 0, Text = string.Empty });

    internal SaveDraftResult SaveDraft(Caller caller, ConversationId id, Words? words, long? replyTo, long seen)
    {
        var invalid = words is null ? CommandRefusal.TextEmpty : RefuseText(words);
        if (invalid is CommandRefusal.TextInvalid or CommandRefusal.TextTooLong)
        {
            return new SaveDraftResult { Refusal = invalid == CommandRefusal.TextInvalid ? SaveDraftRefusal.TextInvalid : SaveDraftRefusal.TextTooLong };
        }

        if (caller.TenantId != tenant || !MayDraft(caller.UserId, id))
        {
            return new SaveDraftResult { Refusal = SaveDraftRefusal.NotFound };
        }

        var before = DraftOf(caller.UserId, id);
        var after = invalid is null
            ? before with { Text = words!.Kept, ReplyTo = replyTo, SavedAt = Now }
            : before with { Text = string.Empty, ReplyTo = null, SavedAt = null };
        if ((after.Text, after.ReplyTo) == (before.Text, before.ReplyTo))
        {
            return new SaveDraftResult { Draft = before };
        }

        if (seen != before.Version && (seen > 0 || before.Text.Length > 0))
        {
            return new SaveDraftResult { Refusal = SaveDraftRefusal.VersionStale, Draft = before };
        }

        if (before.Text.Length == 0 && Drafts(caller).Count() == Bounds.DraftsMax)
        {
            return new SaveDraftResult { Refusal = SaveDraftRefusal.TooManyDrafts };
        }

        return new SaveDraftResult { Draft = _drafts[(caller.UserId, id)] = after with { Version = before.Version + 1 } };
    }

    /// <summary>The last saved first.</summary>
    internal IEnumerable<Draft> Drafts(Caller caller) => _drafts
        .Where(draft => draft.Key.User == caller.UserId && draft.Value.Text.Length > 0)
        .Select(draft => draft.Value)
        .OrderByDescending(draft => draft.SavedAt)
        .ThenBy(draft => draft.ConversationId.Value, StringComparer.Ordinal);

    /// <summary>Rule C10: what somebody leaves behind is gone.</summary>
    private void ForgetDraft(UserId user, ConversationId id)
    {
        if (DraftOf(user, id) is { Text.Length: > 0 } draft)
        {
            _drafts[(user, id)] = draft with { Version = draft.Version + 1, Text = string.Empty, ReplyTo = null, SavedAt = null };
        }
    }

    /// <summary>Members, and before the first message both people of a direct conversation, if it could be begun (rule C2).</summary>
    private bool MayDraft(UserId user, ConversationId id) => Of(id) is { } conversation
        ? conversation.Members.ContainsKey(user)
        : IsOfPair(id, user) && id.TryGetPair(out var one, out var other) && RefusePair(null, user, one, other) is null;
}
