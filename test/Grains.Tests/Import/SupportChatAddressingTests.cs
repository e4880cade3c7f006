using OrleansChat.Conversations;
using OrleansChat.Grains.Import;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Import;

public sealed class SupportChatAddressingTests
{
    private static readonly UserId Ann = UserId.Of("ann");

    [Theory]
    [InlineData("bob: hello", "<@bob>: hello", "bob")]
    [InlineData("bob, hello", "<@bob>, hello", "bob")]
    [InlineData("BOB: hello", "<@bob>: hello", "bob")]
    [InlineData("bob:", "<@bob>:", "bob")]
    [InlineData("Eve: hello", "<@Eve>: hello", "Eve")]
    [InlineData("eve: hello", "<@eve>: hello", "eve")]
    [InlineData("x>y: hello", "<@x%3Ey>: hello", "x>y")]
    [InlineData("EVE: which of the two?", "EVE: which of the two?", null)]
    [InlineData("bob:hello", "bob:hello", null)]
    [InlineData("bob hello: x", "bob hello: x", null)]
    [InlineData("hello bob: x", "hello bob: x", null)]
    [InlineData("nobody: hello", "nobody: hello", null)]
    [InlineData("ann: to myself", "ann: to myself", null)]
    [InlineData(": hello", ": hello", null)]
    [InlineData("", "", null)]
    [Rule("N1")]
    public void Read_Line_MentionsWhomItAddresses(string line, string text, string? mentioned)
    {
        var addressing = new SupportChatAddressing([Ann, .. new[] { "bob", "Eve", "eve", "x>y" }.Select(UserId.Of)]);

        addressing.Read(line, Ann).ShouldBe((text, mentioned is null ? null : new MentionSet { Users = [UserId.Of(mentioned)] }));
    }
}
