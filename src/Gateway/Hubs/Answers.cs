using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Makes refusals.</summary>
internal static class Answers
{
    internal static Answer Refused(string code, string message, TimeSpan? retryAfter = null, int? version = null, int? recipients = null) => new()
    {
        Error = new WireError
        {
            Code = code,
            Message = message,
            RetryAfterMs = retryAfter is { } pause ? (long)Math.Ceiling(pause.TotalMilliseconds) : null,
            Version = version,
            Recipients = recipients,
        },
    };

    /// <summary>Why a command to a conversation was refused.</summary>
    internal static Answer Refused(CommandRefusal refusal, CommandResult? result = null) => refusal switch
    {
        CommandRefusal.NotFound => NotFound(),
        CommandRefusal.TextEmpty => Refused(ErrorCodes.TextEmpty, "text has nothing but white space."),
        CommandRefusal.TextTooLong => Refused(ErrorCodes.TextTooLong, "text is too long."),
        CommandRefusal.TextInvalid => Refused(ErrorCodes.TextInvalid, "text has U+0000 or a lone surrogate."),
        CommandRefusal.ClientIdReused => Refused(ErrorCodes.ClientIdReused, "clientId was used for another content."),
        CommandRefusal.Overloaded => Refused(ErrorCodes.Overloaded, "Too much is waiting for this conversation.", result?.RetryAfter),
        CommandRefusal.Unavailable => Refused(ErrorCodes.Unavailable, "The store does not answer.", result?.RetryAfter),
        CommandRefusal.Forbidden => Refused(ErrorCodes.Forbidden, "You may not do this here."),
        CommandRefusal.TooManyMentions => Refused(ErrorCodes.TooManyMentions, "Too many people are mentioned."),
        CommandRefusal.WideMentionForbidden => Refused(ErrorCodes.WideMentionForbidden, "You may not mention everybody in a group of this size."),
        CommandRefusal.ConfirmationNeeded => Refused(ErrorCodes.ConfirmationNeeded, "Repeat with wideConfirmed: true.", recipients: result?.Recipients),
        CommandRefusal.MessageNotFound => Refused(ErrorCodes.MessageNotFound, "No message of a person has this seq."),
        CommandRefusal.MessageDeleted => Refused(ErrorCodes.MessageDeleted, "The message was deleted."),
        CommandRefusal.VersionStale => Refused(ErrorCodes.VersionStale, "The message has changed since.", version: result?.Version),
        CommandRefusal.EditClosed => Refused(ErrorCodes.EditClosed, "The time for editing is over."),
        CommandRefusal.EmojiInvalid => Refused(ErrorCodes.EmojiInvalid, "emoji must be one emoji."),
        CommandRefusal.TooManyReactions => Refused(ErrorCodes.TooManyReactions, "The message has as many different reactions as it may have."),
        CommandRefusal.NotAGroup => Refused(ErrorCodes.NotAGroup, "Only a group has a name and members that can be changed."),
        CommandRefusal.TitleInvalid => Refused(ErrorCodes.TitleInvalid, "title is empty, too long or not well-formed."),
        CommandRefusal.TooManyMembers => Refused(ErrorCodes.TooManyMembers, "The group would have too many members."),
        CommandRefusal.UnknownMember => Refused(ErrorCodes.UnknownMember, "Somebody named is not an active person of the tenant."),
        CommandRefusal.MemberRestricted => Refused(ErrorCodes.MemberRestricted, "The role of somebody named is restricted from chat."),
        CommandRefusal.PeerInactive => Refused(ErrorCodes.PeerInactive, "The other person was deactivated."),
    };

    /// <summary>The draft is not the one that the caller saw: the answer has the one that stands, so that both can be kept (rule W3).</summary>
    internal static Answer Stale(Draft stored) => new()
    {
        Error = new WireError { Code = ErrorCodes.VersionStale, Message = "The draft has changed since.", Draft = stored.ToWire() },
    };

    internal static Answer Invalid(string message) => Refused(ErrorCodes.InvalidRequest, message);

    internal static Answer NotFound() => Refused(ErrorCodes.NotFound, "No such conversation.");
}
