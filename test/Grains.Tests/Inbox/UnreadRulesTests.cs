using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

public sealed class UnreadRulesTests
{
    private static readonly UserId Ann = UserId.Of("ann");
    private static readonly UserId Bob = UserId.Of("bob");
    private static readonly UnreadBasis Basis = new() { ReadSeq = 5, Unread = 2, Mentions = 1, Rev = 9, ReadVersion = 3 };

    [Fact]
    [Rule("U1")]
    [Rule("U2")]
    public void Apply_TextOfAnother_CountsAndMentionsInADirectConversation()
    {
        var change = Posted(10, Text(8, Bob));

        UnreadRules.Apply(Basis, change, Ann, ConversationKind.Group).ShouldBe(Basis with { Rev = 10, Unread = 3 });
        UnreadRules.Apply(Basis, change, Ann, ConversationKind.Direct).ShouldBe(Basis with { Rev = 10, Unread = 3, Mentions = 2 });
    }

    [Fact]
    [Rule("U1")]
    [Rule("U6")]
    public void Apply_MyOwnText_MovesOnlyTheRev() =>
        UnreadRules.Apply(Basis, Posted(10, Text(8, Ann)), Ann, ConversationKind.Direct).ShouldBe(Basis with { Rev = 10 });

    [Theory]
    [Rule("U1")]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Apply_AtTheCursor_CountsOnlyAboveIt(long seq, bool counts) =>
        UnreadRules.Apply(Basis, Posted(10, Text(seq, Bob)), Ann, ConversationKind.Group)!.Unread.ShouldBe(Basis.Unread + (counts ? 1 : 0));

    [Theory]
    [Rule("C14")]
    [InlineData(SystemFactKind.Created)]
    [InlineData(SystemFactKind.Removed)]
    [InlineData(SystemFactKind.Left)]
    [InlineData(SystemFactKind.Renamed)]
    public void Apply_SystemMessage_CountsForNobody(SystemFactKind kind) =>
        UnreadRules.Apply(Basis, Posted(10, Fact(8, kind, Ann)), Ann, ConversationKind.Group).ShouldBe(Basis with { Rev = 10 });

    [Fact]
    [Rule("C8")]
    public void Apply_Added_IsUnreadAndMentionForWhoItNames()
    {
        UnreadRules.Apply(Basis, Posted(10, Fact(8, SystemFactKind.Added, Ann)), Ann, ConversationKind.Group)
            .ShouldBe(Basis with { Rev = 10, Unread = 3, Mentions = 2 });
        UnreadRules.Apply(Basis, Posted(10, Fact(8, SystemFactKind.Added, Bob)), Ann, ConversationKind.Group)
            .ShouldBe(Basis with { Rev = 10 });
    }

    [Fact]
    public void Apply_ChangeOfAnUnknownKind_MovesOnlyTheRev() =>
        UnreadRules.Apply(Basis, new ConversationChange { Rev = 10 }, Ann, ConversationKind.Group).ShouldBe(Basis with { Rev = 10 });

    [Fact]
    [Rule("M14")]
    public void Apply_AnOldChange_ChangesNothing()
    {
        UnreadRules.Apply(Basis, Posted(9, Text(8, Bob)), Ann, ConversationKind.Group).ShouldBe(Basis);
        UnreadRules.Apply(Basis, Posted(1, Text(1, Bob)), Ann, ConversationKind.Group).ShouldBe(Basis);
    }

    [Fact]
    [Rule("U4")]
    public void Apply_AHole_DiscardsTheBasis() =>
        UnreadRules.Apply(Basis, Posted(11, Text(8, Bob)), Ann, ConversationKind.Group).ShouldBeNull();

    [Fact]
    [Rule("U4")]
    public void Choose_HigherReadVersionThenHigherRev_Wins()
    {
        var newer = Basis with { ReadVersion = 4, Rev = 1 };
        var later = Basis with { Rev = 10 };

        UnreadRules.Choose(Basis, newer).ShouldBe(newer);
        UnreadRules.Choose(newer, Basis).ShouldBe(newer);
        UnreadRules.Choose(Basis, later).ShouldBe(later);
        UnreadRules.Choose(later, Basis).ShouldBe(later);
        UnreadRules.Choose(later, newer).ShouldBe(newer);
    }

    private static ConversationChange Posted(long rev, Message message) => new() { Rev = rev, Posted = message with { Rev = rev } };

    private static Message Text(long seq, UserId author) => new()
    {
        Seq = seq,
        Rev = seq,
        Kind = MessageKind.Text,
        AuthorId = author,
        AuthorName = author.Value,
        ClientId = Guid.NewGuid(),
        Text = "hi",
        Time = DateTimeOffset.UnixEpoch,
    };

    private static Message Fact(long seq, SystemFactKind kind, UserId target) => Text(seq, Bob) with
    {
        Kind = MessageKind.System,
        Text = string.Empty,
        Fact = new SystemFact { Kind = kind, Targets = [target] },
    };
}
