using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

public sealed class ConversationRulesTests
{
    private static readonly UserId Ann = UserId.Of("ann");
    private static readonly UserId Bob = UserId.Of("bob");
    private static readonly UserId Cleo = UserId.Of("cleo");
    private static readonly ConversationOptions Options = new();
    private static readonly Caller Caller = new() { TenantId = TenantId.Of("acme"), UserId = Ann, Name = "Ann", Permissions = RolePermissions.Default(Role.Agent) };

    [Fact]
    [Rule("M6")]
    public void CheckText_AtTheScalarBound_CountsScalarsAfterNfc()
    {
        Check(new string('x', 10_000)).ShouldBeNull();
        Check(new string('x', 10_001)).ShouldBe(CommandRefusal.TextTooLong);
        Check(Repeat("e\u0301", 10_000)).ShouldBeNull();
        Check(Repeat("e\u0301", 10_001)).ShouldBe(CommandRefusal.TextTooLong);
        Check(Repeat("\uD83D\uDE00", 10_000)).ShouldBeNull(); // 40,000 bytes as well: both bounds met exactly.
        Check(Repeat("\uD83D\uDE00", 10_001)).ShouldBe(CommandRefusal.TextTooLong);
    }

    [Fact]
    [Rule("M6")]
    public void CheckText_AtTheByteBound_CountsUtf8AfterNfc()
    {
        var options = new ConversationOptions { TextScalarsMax = 100_000, TextBytesMax = 9 };

        ConversationRules.CheckText("\u20AC\u20AC\u20AC", options).Refusal.ShouldBeNull();
        ConversationRules.CheckText("\u20AC\u20AC\u20ACx", options).Refusal.ShouldBe(CommandRefusal.TextTooLong);
        ConversationRules.CheckText("e\u0301e\u0301e\u0301e\u0301x", options).Refusal.ShouldBeNull();
        ConversationRules.CheckText("e\u0301e\u0301e\u0301e\u0301xx", options).Refusal.ShouldBe(CommandRefusal.TextTooLong);
    }

    [Theory]
    [Rule("M6")]
    [InlineData("", CommandRefusal.TextEmpty)]
    [InlineData(" \n\t\u00A0\u2003", CommandRefusal.TextEmpty)]
    [InlineData("a\0", CommandRefusal.TextInvalid)]
    public void CheckText_NothingOrIllFormed_IsRefused(string text, CommandRefusal expected) => Check(text).ShouldBe(expected);

    [Fact]
    [Rule("M6")]
    public void CheckText_LoneSurrogate_IsRefused() => Check("a\uD834").ShouldBe(CommandRefusal.TextInvalid);

    [Fact]
    public void CheckText_Decomposed_IsStoredComposed() =>
        ConversationRules.CheckText("cafe\u0301 ", Options).Text.ShouldBe("caf\u00E9 ");

    [Fact]
    public void CheckText_FarTooLongAndIllFormed_IsTooLong() =>
        Check(new string('\0', 40_001)).ShouldBe(CommandRefusal.TextTooLong);

    [Fact]
    [Rule("C2")]
    public void IsMember_UnwrittenDirect_IsItsPairOnly()
    {
        var direct = ConversationId.Direct(Ann, Bob);

        ConversationRules.IsMember(direct, null, Ann).ShouldBeTrue();
        ConversationRules.IsMember(direct, null, Bob).ShouldBeTrue();
        ConversationRules.IsMember(direct, null, Cleo).ShouldBeFalse();
        ConversationRules.IsMember(ConversationId.Of(Guid.NewGuid()), null, Ann).ShouldBeFalse();
    }

    [Fact]
    public void IsMember_Written_IsByItsMembersNotItsName()
    {
        var state = new ConversationState { Kind = ConversationKind.Group, CreatedAt = DateTimeOffset.UnixEpoch, Head = new Head { Rev = 1, Seq = 1 }, MembersRev = 1, Members = [Bob, Cleo] };

        ConversationRules.IsMember(ConversationId.Direct(Ann, Bob), state, Ann).ShouldBeFalse();
        ConversationRules.IsMember(ConversationId.Direct(Ann, Bob), state, Cleo).ShouldBeTrue();
    }

    [Fact]
    [Rule("M3")]
    public void Repeated_SameOrOtherContent_IsTheFirstAnswerOrRefused()
    {
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var stored = new StoredCommand
        {
            Id = new CommandId(Ann, Guid.NewGuid()),
            Seq = 3,
            Rev = 4,
            At = at,
            ContentHash = ContentHash.OfText("hi"),
        };

        ConversationRules.Repeated(stored, ContentHash.OfText("hi"))
            .ShouldBe(new CommandResult { Seq = 3, Rev = 4, Time = at, Duplicate = true });
        ConversationRules.Repeated(stored, ContentHash.OfText("ho")).Refusal.ShouldBe(CommandRefusal.ClientIdReused);
    }

    [Fact]
    [Rule("C1")]
    public void CreateDirect_OnePersonOrTwo_HasEachOnce()
    {
        var at = DateTimeOffset.UnixEpoch;

        ConversationRules.CreateDirect(ConversationId.Direct(Bob, Ann), Bob, at).State.Members.ShouldBe([Ann, Bob], ignoreOrder: true);
        ConversationRules.CreateDirect(ConversationId.Direct(Ann, Ann), Ann, at).State.Members.ShouldBe([Ann]);
        Should.Throw<ArgumentException>(() => ConversationRules.CreateDirect(ConversationId.Of(Guid.NewGuid()), Ann, at));
    }

    /// <summary>Head 100; "end" is a page that goes on to whatever has been added meanwhile.</summary>
    [Theory]
    [Rule("M11")]
    [InlineData(HistoryAnchor.Latest, 0, 50, 0, 51, long.MaxValue)]
    [InlineData(HistoryAnchor.Latest, 0, 200, 0, 1, long.MaxValue)]
    [InlineData(HistoryAnchor.Latest, 0, 100, 0, 1, long.MaxValue)]
    [InlineData(HistoryAnchor.Latest, 0, 1, 0, 100, long.MaxValue)]
    [InlineData(HistoryAnchor.Before, 51, 50, 0, 1, 50)]
    [InlineData(HistoryAnchor.Before, 50, 50, 0, 1, 49)]
    [InlineData(HistoryAnchor.Before, 1, 50, 0, 1, 0)]
    [InlineData(HistoryAnchor.Before, 101, 50, 0, 51, 100)]
    [InlineData(HistoryAnchor.After, 50, 50, 0, 51, 100)]
    [InlineData(HistoryAnchor.After, 100, 50, 0, 101, 150)]
    [InlineData(HistoryAnchor.After, 0, 50, 0, 1, 50)]
    [InlineData(HistoryAnchor.Around, 50, 50, 0, 25, 74)]
    [InlineData(HistoryAnchor.Around, 50, 1, 0, 50, 50)]
    [InlineData(HistoryAnchor.Around, 50, 2, 0, 49, 50)]
    [InlineData(HistoryAnchor.Around, 50, 3, 0, 49, 51)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 100, 26, long.MaxValue)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 150, 26, long.MaxValue)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 40, 16, 90)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 99, 26, 100)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 0, 1, 75)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 24, 1, 75)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 25, 1, 75)]
    [InlineData(HistoryAnchor.Unread, 0, 75, 26, 2, 76)]
    public void PageOf_EachAnchor_IsThePage(HistoryAnchor anchor, long seq, int limit, long readSeq, long first, long last) =>
        ConversationRules.PageOf(Query(anchor, seq, limit), 100, readSeq).ShouldBe((first, last));

    [Fact]
    public void PageOf_EveryPage_FitsItsLimitAndHoldsItsAnchor()
    {
        foreach (var head in new[] { 0L, 1, 2, 74, 75, 76, 500 })
        {
            foreach (var limit in new[] { 1, 2, 3, 50, 75, 200 })
            {
                for (var seq = 1L; seq <= head; seq++)
                {
                    var (first, last) = ConversationRules.PageOf(Query(HistoryAnchor.Around, seq, limit), head, 0);
                    (first <= seq && seq <= last && last - first < limit).ShouldBeTrue($"around {seq} of {head}, limit {limit}");

                    // seq is the first unread one
                    (first, last) = ConversationRules.PageOf(Query(HistoryAnchor.Unread, 0, limit), head, seq - 1);
                    (first <= seq && seq <= last && last - first < limit).ShouldBeTrue($"unread from {seq} of {head}, limit {limit}");
                }
            }
        }
    }

    private static CommandRefusal? Check(string text) => ConversationRules.CheckText(text, Options).Refusal;

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static HistoryQuery Query(HistoryAnchor anchor, long seq, int limit) =>
        new() { Caller = Caller, Anchor = anchor, Seq = seq, Limit = limit };
}
