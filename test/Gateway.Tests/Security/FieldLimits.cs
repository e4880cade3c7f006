using System.Text.Json;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>A value of a field, as JSON, and what is answered.</summary>
/// <param name="Json">The value as it stands in the request.</param>
/// <param name="Code">The error's code; null for an answer; <see cref="FieldLimits.Shape"/> for an error of the protocol.</param>
internal sealed record FieldCase(string Json, string? Code)
{
    /// <summary>Another field that the case needs: its name and value.</summary>
    internal (string Name, string Json)? With { get; init; }
}

/// <summary>
/// Every field of every request: the least, the most, and one more. A field without a row fails the test. Runs with groups of at most
/// <see cref="MembersMax"/>; the group asked about has three members, and messages: facts on 1 and 3, Rae's on 2, Ann's on 4.
/// </summary>
internal static class FieldLimits
{
    internal const string Shape = "(not the method's shape)";
    internal const int MembersMax = 6;

    /// <summary>The largest integer that the protocol knows.</summary>
    private const string IntegerMax = "9007199254740992";

    private const string Invalid = "invalidRequest";

    private static readonly (string, string) Mute = ("mute", "\"on\"");

    internal static IReadOnlyDictionary<string, FieldCase[]> Rows(DateTimeOffset now) => new Dictionary<string, FieldCase[]>(StringComparer.Ordinal)
    {
        ["Post.conversationId"] = ConversationId(),
        ["Post.clientId"] = ClientId(),
        ["Post.text"] = Text(),
        ["Post.replyTo"] = [new("null", null), .. Integer(1, "messageNotFound"), new("2", null), new("3", "messageNotFound"), new("4", null), new("5", "messageNotFound"), .. Beyond("messageNotFound", Invalid)],
        ["Post.wideConfirmed"] = Flag(),
        ["Post.lastSeenSeq"] = [new("null", null), .. Integer(0, null), .. Beyond(null, null)],
        ["Edit.conversationId"] = ConversationId(),
        ["Edit.clientId"] = ClientId(),
        ["Edit.seq"] = [new("null", Invalid), .. Integer(1, "messageNotFound"), new("2", "forbidden"), new("4", null), new("5", "messageNotFound"), .. Beyond("messageNotFound", Invalid)],
        ["Edit.version"] = [new("null", Invalid), .. Integer(1, null), new("2", "versionStale"), new("2147483647", "versionStale"), new("2147483648", Shape)],
        ["Edit.text"] = Text(),
        ["Edit.wideConfirmed"] = Flag(),
        ["Delete.conversationId"] = ConversationId(),
        ["Delete.clientId"] = ClientId(),
        ["Delete.seq"] = [new("null", Invalid), .. Integer(1, "messageNotFound"), new("2", "forbidden"), new("4", null), new("5", "messageNotFound"), .. Beyond("messageNotFound", Invalid)],
        ["React.conversationId"] = ConversationId(),
        ["React.clientId"] = ClientId(),
        ["React.seq"] = [new("null", Invalid), .. Integer(1, "messageNotFound"), new("2", null), new("4", null), new("5", "messageNotFound"), .. Beyond("messageNotFound", Invalid)],
        ["React.emoji"] =
        [
            new("null", Invalid), new("7", Shape), Of("", "emojiInvalid"), Of("a", "emojiInvalid"), Of("👍👍", "emojiInvalid"), Of("👍", null),
            Of(Family(12), null), Of(Family(13), "emojiInvalid"), new("\"\\ud83d\"", "emojiInvalid"),
        ],
        ["React.add"] = [new("null", Invalid), new("true", null), new("false", null), new("1", Shape)],
        ["Versions.conversationId"] = ConversationId(),
        ["Versions.seq"] = [new("null", Invalid), .. Integer(1, "notFound"), new("4", null), new("5", "notFound"), .. Beyond("notFound", "notFound")],
        ["CreateGroup.clientId"] = ClientId(),
        ["CreateGroup.title"] = Title(),
        ["CreateGroup.members"] =
        [
            new("null", Invalid), new("[]", null), People(1, null), People(MembersMax - 1, null), People(MembersMax, "tooManyMembers"),
            new("[null]", "unknownMember"), Users([""], "unknownMember"), Users([Chars(128)], "unknownMember"), Users([Chars(129)], "unknownMember"), new("7", Shape),
        ],
        ["AddMembers.conversationId"] = ConversationId(),
        ["AddMembers.clientId"] = ClientId(),
        ["AddMembers.members"] =
        [
            new("null", Invalid), new("[]", Invalid), Users(["bob"], null), Users(["p0", "p1", "p2"], null), Users(["p0", "p1", "p2", "p3"], "tooManyMembers"),
            People(MembersMax + 1, "tooManyMembers"), new("[null]", "unknownMember"), Users([""], "unknownMember"), Users([Chars(129)], "unknownMember"),
        ],
        ["RemoveMember.conversationId"] = ConversationId(),
        ["RemoveMember.clientId"] = ClientId(),
        ["RemoveMember.member"] = [new("null", Invalid), Of("", Invalid), Of("x", null), Of(Chars(128), null), Of(Chars(129), Invalid), new("7", Shape)],
        ["Leave.conversationId"] = ConversationId(),
        ["Leave.clientId"] = ClientId(),
        ["Rename.conversationId"] = ConversationId(),
        ["Rename.clientId"] = ClientId(),
        ["Rename.title"] = Title(),
        ["Members.conversationId"] = ConversationId(),
        ["Members.after"] = [new("null", null), Of("", Invalid), Of("x", null), Of(Chars(128), null), Of(Chars(129), Invalid)],
        ["Members.limit"] = Page(200),
        ["People.users"] =
        [
            new("null", Invalid), new("[]", Invalid), Times(1, null), Times(200, null), Times(201, Invalid), new("[null]", null), Users([""], null), Users([Chars(129)], null),
        ],
        ["History.conversationId"] = ConversationId(),
        ["History.anchor"] = [new("null", Invalid), .. new[] { "latest", "unread", "before", "after", "around" }.Select(anchor => Of(anchor, null)), Of("", Invalid), Of("Latest", Invalid), Of(Chars(10_000), Invalid)],
        ["History.seq"] = [new("null", Invalid), .. Integer(1, null), .. Beyond(null, null)],
        ["History.limit"] = Page(200),
        ["ListConversations.limit"] = Page(200),
        ["ListConversations.after"] = Position(),
        ["ListConversations.filter"] =
        [
            new("null", null), new("7", Shape), Of("", null), Of(Chars(80), null), Of(Scalars(80), null), Of(Chars(81), Invalid), Of(Scalars(81), Invalid), Of(Chars(50_000), Invalid),
        ],
        ["Sync.conversations"] =
        [
            new("null", Invalid), new("[]", Invalid), Points(1, null), Points(200, null), Points(201, Invalid), new("[null]", Invalid), new("{}", Shape),
        ],
        ["Sync.conversations[].id"] = [new("null", Invalid), Of("", null), Of(Chars(772), null), Of(Chars(773), null), Of(Chars(10_000), null)],
        ["Sync.conversations[].rev"] = [new("null", Invalid), .. Integer(0, null), .. Beyond(null, null)],
        ["MarkRead.conversationId"] = ConversationId(),
        ["MarkRead.upToSeq"] = [new("null", Invalid), .. Integer(0, null), .. Beyond(null, null)],
        ["FindPeople.text"] = FindText(),
        ["FindPeople.limit"] = Page(200),
        ["Watch.users"] = [new("null", Invalid), new("[]", null), Times(200, null), Times(201, Invalid), new("[null]", Invalid), Users([""], null), Users([Chars(129)], null)],
        ["SetStatus.status"] =
        [
            new("null", Invalid), Of("", Invalid), Of("auto", null), Of("away", null), Of("dnd", null), Of("offline", null), Of("Auto", Invalid), Of(Chars(10_000), Invalid), Of("auto", null),
        ],
        ["SetStatus.until"] =
        [
            new("null", null), Until(now, TimeSpan.Zero, Invalid), Until(now, TimeSpan.FromSeconds(1), null), Until(now, TimeSpan.FromDays(366), null),
            Until(now, TimeSpan.FromDays(366) + TimeSpan.FromSeconds(1), Invalid), Until(now, TimeSpan.FromSeconds(1), Invalid) with { With = ("status", "\"away\"") },
            Of("9999-12-31T23:59:59.999Z", Invalid) with { With = ("status", "\"dnd\"") }, Of("0001-01-01T00:00:00Z", Invalid) with { With = ("status", "\"dnd\"") }, Of("soon", Shape), new("7", Shape),
        ],
        ["SetPreferences.showTyping"] = [new("null", Invalid), new("true", null), new("false", null), new("true", null), new("1", Shape)],
        ["View.conversationIds"] = [new("null", Invalid), new("[]", null), Times(4, null), Times(5, Invalid), new("[null]", null), Users([Chars(773)], null)],
        ["Typing.conversationId"] = ConversationId(),
        ["Typing.typing"] = [new("null", Invalid), new("true", null), new("false", null), new("1", Shape)],
        ["Search.query"] =
        [
            new("null", Invalid), Of("", "invalidQuery"), Of("x", null), Of(Chars(500), null), Of(Scalars(500), null), Of(Chars(501), "invalidQuery"), Of(Scalars(501), "invalidQuery"),
            Of(string.Join(' ', Enumerable.Repeat("w", 20)), null), Of(string.Join(' ', Enumerable.Repeat("w", 21)), "invalidQuery"), Of(Chars(50_000), "invalidQuery"),
        ],
        ["Search.limit"] = Page(50),
        ["Search.after"] = Position(),
        ["MarkUnread.conversationId"] = ConversationId(),
        ["MarkUnread.fromSeq"] = [new("null", Invalid), .. Integer(1, null), .. Beyond(null, null)],
        ["UndoMarkAllRead.undo"] =
        [
            new("null", Invalid), Of("00000000-0000-0000-0000-000000000000", "undoExpired"), Of("ffffffff-ffff-ffff-ffff-ffffffffffff", "undoExpired"), Of("none", Shape), new("7", Shape),
        ],
        ["SetNotifications.conversationId"] = ConversationId(),
        ["SetNotifications.level"] =
        [
            new("null", Invalid), Of("default", null), Of("all", null), Of("mentions", null), Of("nothing", null), Of("", Invalid), Of("All", Invalid), Of(Chars(10_000), Invalid),
        ],
        ["SetNotifications.mute"] = [new("null", null), Of("on", null), Of("off", null), Of("", Invalid), Of("On", Invalid), new("true", Shape)],
        ["SetNotifications.mutedUntil"] =
        [
            new("null", null), Later(now, TimeSpan.FromSeconds(1), Invalid), Later(now, TimeSpan.FromSeconds(1), null) with { With = Mute }, Later(now, TimeSpan.Zero, null) with { With = Mute },
            Of("9999-12-31T23:59:59.999Z", null) with { With = Mute }, Of("0001-01-01T00:00:00Z", null) with { With = Mute }, Of("soon", Shape), new("7", Shape),
        ],
        ["Mentions.limit"] = Page(200),
        ["Mentions.after"] = Position(),
        ["Mentions.unreadOnly"] = Flag(),
        ["MarkMentionDone.conversationId"] = ConversationId(),
        ["MarkMentionDone.seq"] = [new("null", Invalid), .. Integer(1, "notFound"), new("2", "notFound"), new("4", null), new("5", "notFound"), .. Beyond("notFound", Invalid)],
        ["MarkMentionDone.done"] = [new("null", Invalid), new("true", null), new("false", null), new("1", Shape)],
        ["FindConversations.text"] = FindText(),
        ["FindConversations.limit"] = Page(50),
        ["FindMentionable.conversationId"] = ConversationId(),
        ["FindMentionable.text"] = FindText(),
        ["FindMentionable.limit"] = Page(8),
        ["WhyNotified.conversationId"] = ConversationId(),
        ["WhyNotified.seq"] = [new("null", Invalid), .. Integer(1, null), new("4", null), new("5", "notFound"), .. Beyond("notFound", Invalid)],
        ["ReportNotifications.device"] =
        [
            new("null", Invalid), new("7", Shape), Of("", Invalid), Of(" ", Invalid), Of("x", null), Of(Scalars(64), null), Of(Scalars(65), Invalid), Of("a\nb", Invalid), Of(Chars(50_000), Invalid),
        ],
        ["ReportNotifications.items"] = [new("null", Invalid), new("[]", Invalid), new("[null]", Invalid), Reports(1, null), Reports(50, null), Reports(51, Invalid)],
        ["ReportNotifications.items[].conversationId"] = [new("null", Invalid), Of("", null), Of(Longest(), null), Of(Chars(10_000), null), new("7", Shape)],
        ["ReportNotifications.items[].seq"] = [new("null", Invalid), .. Integer(1, null), .. Beyond(null, Invalid)],
        ["ReportNotifications.items[].outcome"] =
        [
            new("null", Invalid), .. new[] { "shown", "heldByFocus", "heldByDnd", "closed" }.Select(outcome => Of(outcome, null)), Of("", Invalid), Of("Shown", Invalid), Of(Chars(10_000), Invalid),
        ],
        ["ReportNotifications.items[].at"] =
        [
            new("null", Invalid), Of("0001-01-01T00:00:00Z", null), Of("9999-12-31T23:59:59.999Z", null), Of("soon", Shape), new("7", Shape),
        ],
        ["NotifyNow.conversationId"] = ConversationId(),
        ["NotifyNow.seq"] = [new("null", Invalid), .. Integer(1, "notFound"), new("2", "forbidden"), new("4", null), new("5", "notFound"), .. Beyond("notFound", Invalid)],
        ["SaveDraft.conversationId"] = ConversationId(),
        ["SaveDraft.text"] =
        [
            new("null", Invalid), new("7", Shape), Of("", null), Of(" \n\u2003", null), Of("x", null),
            Of(Chars(10_000), null), Of(Scalars(10_000), null), Of(Chars(10_001), "textTooLong"), Of(Scalars(10_001), "textTooLong"), Of(Chars(100_000), "textTooLong"),
        ],
        ["SaveDraft.replyTo"] = [new("null", null), .. Integer(1, null), .. Beyond(null, Invalid)],
        ["SaveDraft.version"] = [new("null", Invalid), .. Integer(0, null), new("1", "versionStale"), .. Beyond("versionStale", Invalid)],
    };

    private static FieldCase[] ConversationId() =>
    [
        new("null", "notFound"), Of("", "notFound"), Of("c/", "notFound"), Of(Longest(), "notFound"), Of(Longest() + "x", "notFound"), Of(Chars(50_000), "notFound"), new("7", Shape),
    ];

    /// <summary>The longest id there can be, of two other people.</summary>
    private static string Longest() => $"dm/{Repeat("%25", 128)}~{Repeat("%25", 127)}%7E";

    private static FieldCase[] ClientId() =>
    [
        new("null", Invalid), Of("00000000-0000-0000-0000-000000000000", Invalid), Of("00000000-0000-0000-0000-000000000001", null),
        Of("ffffffff-ffff-ffff-ffff-ffffffffffff", null), Of("none", Shape), new("7", Shape),
    ];

    private static FieldCase[] Text() =>
    [
        new("null", Invalid), new("7", Shape), Of("", "textEmpty"), Of(" \n\u2003", "textEmpty"), Of("x", null),
        Of(Chars(10_000), null), Of(Scalars(10_000), null), Of(Chars(10_001), "textTooLong"), Of(Scalars(10_001), "textTooLong"), Of(Chars(100_000), "textTooLong"),
        Of(Mentions(50), null), Of(Mentions(51), "tooManyMentions"),
    ];

    private static FieldCase[] FindText() =>
        [new("null", Invalid), new("7", Shape), Of("", null), Of(Chars(80), null), Of(Scalars(80), null), Of(Chars(81), Invalid), Of(Scalars(81), Invalid), Of(Chars(50_000), Invalid)];

    private static FieldCase[] Title() =>
    [
        new("null", Invalid), new("7", Shape), Of("", "titleInvalid"), Of(" ", "titleInvalid"), Of("a\nb", "titleInvalid"), Of("x", null), Of($" {Scalars(64)} ", null),
        Of(Scalars(65), "titleInvalid"), Of(Chars(65), "titleInvalid"), Of(Chars(50_000), "titleInvalid"),
    ];

    private static FieldCase[] Flag() => [new("null", null), new("true", null), new("false", null), new("1", Shape), new("\"true\"", Shape)];

    private static FieldCase[] Page(int max) =>
    [
        new("null", null), .. Integer(1, null), new($"{max}", null), new($"{max + 1}", Invalid), new("2147483647", Invalid), new("2147483648", Shape), new("-2147483648", Invalid),
    ];

    private static FieldCase[] Position() => [new("null", null), Of("", Invalid), Of("AAAA", Invalid), Of(Chars(10_000), Invalid), new("7", Shape)];

    /// <summary>The least integer, what is below it, and what is none.</summary>
    private static FieldCase[] Integer(long min, string? code) =>
        [new($"{min}", code), new($"{min - 1}", Invalid), new("-1", Invalid), new($"{min}.5", Shape), new($"\"{min}\"", Shape)];

    /// <summary>The most that is an integer, one more, and what is none.</summary>
    private static FieldCase[] Beyond(string? atMost, string? above) =>
    [
        new(IntegerMax, atMost), new("9007199254740993", above), new("9223372036854775807", above), new("9223372036854775808", Shape), new("-9223372036854775808", Invalid), new("1e400", Shape),
    ];

    private static FieldCase Until(DateTimeOffset now, TimeSpan later, string? code) => Later(now, later, code) with { With = ("status", "\"dnd\"") };

    private static FieldCase Later(DateTimeOffset now, TimeSpan later, string? code) => Of($"{(now + later).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", code);

    private static FieldCase Reports(int count, string? code) => new(
        JsonSerializer.Serialize(Enumerable.Range(1, count).Select(seq => new { conversationId = "c/1", seq, outcome = "shown", at = "2026-01-01T00:00:00Z" })), code);

    private static FieldCase Of(string value, string? code) => new(JsonSerializer.Serialize(value), code);

    private static FieldCase Users(string[] users, string? code) => new(JsonSerializer.Serialize(users), code);

    private static FieldCase People(int count, string? code) => Users([.. Enumerable.Range(0, count).Select(number => $"p{number}")], code);

    private static FieldCase Times(int count, string? code) => Users([.. Enumerable.Range(0, count).Select(number => $"u{number}")], code);

    private static FieldCase Points(int count, string? code) => new(JsonSerializer.Serialize(Enumerable.Range(0, count).Select(number => new { id = $"c/{number}", rev = 0 })), code);

    private static string Chars(int count) => new('x', count);

    private static string Scalars(int count) => Repeat("😀", count);

    private static string Mentions(int count) => string.Concat(Enumerable.Range(0, count).Select(number => $"<@u{number}>"));

    /// <summary>One emoji of joined ones: two UTF-16 code units, and three for each more; 40 are the most.</summary>
    private static string Family(int more) => "👩" + Repeat("\u200d👩", more);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
