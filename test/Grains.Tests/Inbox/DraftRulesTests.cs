using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Inbox;

public sealed class DraftRulesTests
{
    private const int DraftsMax = 2;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly ConversationId Place = ConversationId.Of(Guid.CreateVersion7());
    private static readonly Draft Hello = new() { ConversationId = Place, Version = 3, Text = "hello", ReplyTo = 7, SavedAt = Now.AddHours(-1) };
    private static readonly Draft Never = new() { ConversationId = Place, Version = 0, Text = "" };
    private static readonly Draft Gone = Never with { Version = 4 };

    [Fact]
    [Rule("W3")]
    public void Change_OfTheVersionThatStands_IsTheNextOne()
    {
        Change(Hello, "hello!", 3, replyTo: 7).ShouldBe(Saved(Hello with { Version = 4, Text = "hello!", SavedAt = Now }));
        Change(Hello, "hello", 3).ShouldBe(Saved(Hello with { Version = 4, ReplyTo = null, SavedAt = Now }), "the message that it answers is a part of it");
        Change(Hello, "", 3, replyTo: 7).ShouldBe(Saved(Gone));
        Change(Never, "hello", 0).ShouldBe(Saved(new Draft { ConversationId = Place, Version = 1, Text = "hello", SavedAt = Now }));
        Change(Gone, "hello", 4).Draft!.Version.ShouldBe(5);
    }

    [Theory]
    [Rule("W3")]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Change_OfAnotherVersion_IsStaleAndSaysWhatStands(long version) =>
        Change(Hello, "other", version).ShouldBe(new SaveDraftResult { Refusal = SaveDraftRefusal.VersionStale, Draft = Hello });

    [Fact]
    [Rule("W3")]
    public void Change_OfOneThatIsGone_ByWhoSawNoneOnly()
    {
        Change(Gone, "hello", 0).Draft!.Version.ShouldBe(5);
        Change(Gone, "hello", 3).ShouldBe(
            new SaveDraftResult { Refusal = SaveDraftRefusal.VersionStale, Draft = Gone }, "a late save of what was sent meanwhile does not come back");
        Change(Never, "hello", 1).Refusal.ShouldBe(SaveDraftRefusal.VersionStale);
    }

    [Theory]
    [Rule("W3")]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    public void Change_ToWhatStands_ChangesNothingWhateverWasSeen(long version)
    {
        Change(Hello, "hello", version, replyTo: 7).ShouldBe(Saved(Hello));
        Change(Gone, "", version).ShouldBe(Saved(Gone));
        Change(Never, "", version, replyTo: 7).ShouldBe(Saved(Never));
    }

    [Fact]
    [Rule("W3")]
    public void Change_AsManyAsThereMayBe_OnlyANewOneIsRefused()
    {
        Change(Gone, "hello", 0, drafts: DraftsMax).ShouldBe(new SaveDraftResult { Refusal = SaveDraftRefusal.TooManyDrafts });
        Change(Gone, "hello", 0, drafts: DraftsMax - 1).Refusal.ShouldBeNull();
        Change(Hello, "hello!", 3, drafts: DraftsMax).Refusal.ShouldBeNull();
        Change(Hello, "", 3, drafts: DraftsMax).Refusal.ShouldBeNull();
    }

    [Theory]
    [Rule("M6")]
    [Rule("W3")]
    [InlineData("cafe\u0301", "caf\u00e9", null)]
    [InlineData(" hello ", " hello ", null)]
    [InlineData("", "", null)]
    [InlineData(" \n\u2003", "", null)]
    [InlineData("ten scalar", "ten scalar", null)]
    [InlineData("more than ten", "more than ten", SaveDraftRefusal.TextTooLong)]
    [InlineData("a\0", "a\0", SaveDraftRefusal.TextInvalid)]
    public void CheckText_LikeAPostButEmptyIsNone(string text, string kept, SaveDraftRefusal? refusal) =>
        DraftRules.CheckText(text, new ConversationOptions { TextScalarsMax = 10 }).ShouldBe((kept, refusal));

    [Fact]
    [Rule("W3")]
    public void CheckText_LoneSurrogate_IsInvalid() =>
        DraftRules.CheckText("a\ud83d", new ConversationOptions()).Refusal.ShouldBe(SaveDraftRefusal.TextInvalid);

    private static SaveDraftResult Saved(Draft draft) => new() { Draft = draft };

    private static SaveDraftResult Change(Draft before, string text, long version, long? replyTo = null, int drafts = 0) => DraftRules.Change(
        new DraftRead(before, drafts),
        new SaveDraft
        {
            Caller = new Caller { TenantId = TenantId.Of("acme"), UserId = UserId.Of("ann"), Name = "Ann", Permissions = ChatPermissions.Use },
            ConversationId = Place,
            Text = text,
            ReplyTo = replyTo,
            Version = version,
        },
        text,
        DraftsMax,
        Now);
}
