namespace OrleansChat.Gateway.Wire;

/// <summary>The error codes of hub methods; literals, never renamed.</summary>
internal static class ErrorCodes
{
    public const string InvalidRequest = "invalidRequest";
    public const string InvalidQuery = "invalidQuery";
    public const string NotFound = "notFound";
    public const string TextEmpty = "textEmpty";
    public const string TextTooLong = "textTooLong";
    public const string TextInvalid = "textInvalid";
    public const string ClientIdReused = "clientIdReused";
    public const string Forbidden = "forbidden";
    public const string TooManyMentions = "tooManyMentions";
    public const string WideMentionForbidden = "wideMentionForbidden";
    public const string ConfirmationNeeded = "confirmationNeeded";
    public const string MessageNotFound = "messageNotFound";
    public const string MessageDeleted = "messageDeleted";
    public const string VersionStale = "versionStale";
    public const string EditClosed = "editClosed";
    public const string EmojiInvalid = "emojiInvalid";
    public const string TooManyReactions = "tooManyReactions";
    public const string NotAGroup = "notAGroup";
    public const string TitleInvalid = "titleInvalid";
    public const string TooManyMembers = "tooManyMembers";
    public const string UnknownMember = "unknownMember";
    public const string MemberRestricted = "memberRestricted";
    public const string PeerInactive = "peerInactive";
    public const string UndoExpired = "undoExpired";
    public const string TooManyDrafts = "tooManyDrafts";
    public const string ReasonForgotten = "reasonForgotten";
    public const string RateLimited = "rateLimited";
    public const string Overloaded = "overloaded";
    public const string Unavailable = "unavailable";
    public const string Timeout = "timeout";
}
