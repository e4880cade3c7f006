using OrleansChat.Grains.Import;

namespace OrleansChat.Grains.Tests.Import;

public sealed class SupportChatLineTests
{
    [Theory]
    [InlineData("[09:07] <ivoks> jacquesmerde so what?", 547, "ivoks", "jacquesmerde so what?")]
    [InlineData("[00:00] <a> b", 0, "a", "b")]
    [InlineData("[23:59] <|x|> <y> [z]", 1439, "|x|", "<y> [z]")]
    [InlineData("[11:25] <pirate> ", 685, "pirate", "")]
    public void Parse_Message_GivesTimeAuthorAndText(string line, int minute, string nick, string text) =>
        SupportChatLine.Parse(line).ShouldBe(new SupportChatLine.Said(minute, nick, text, IsAction: false));

    [Fact]
    public void Parse_Action_KeepsTheWholePhrase() =>
        SupportChatLine.Parse("[10:01]  * ivoks hides").ShouldBe(new SupportChatLine.Said(601, "ivoks", "* ivoks hides", IsAction: true));

    [Theory]
    [InlineData("=== fdr  has joined #ubuntu", typeof(SupportChatLine.Joined))]
    [InlineData("=== fdr has left #ubuntu []", typeof(SupportChatLine.Left))]
    [InlineData("=== fdr has quit [Remote closed]", typeof(SupportChatLine.Left))]
    [InlineData("=== jsg is now known as jsgotangco", typeof(SupportChatLine.Notice))]
    [InlineData("=== ", typeof(SupportChatLine.Notice))]
    public void Parse_Notice_IsCountedByKind(string line, Type kind) => SupportChatLine.Parse(line).ShouldBeOfType(kind);

    [Theory]
    [InlineData("")]
    [InlineData("[09:07]")]
    [InlineData("[09:07] ")]
    [InlineData("[24:00] <a> b")]
    [InlineData("[09:60] <a> b")]
    [InlineData("[+9:07] <a> b")]
    [InlineData("[09:07] <> b")]
    [InlineData("[09:07] <a b")]
    [InlineData("[09:07]  * alone")]
    [InlineData("[01:09] (soundray/#ubuntu) thomas: have you seen this?")]
    [InlineData("anything else")]
    public void Parse_AnythingElse_IsMalformed(string line) => SupportChatLine.Parse(line).ShouldBeOfType<SupportChatLine.Malformed>();
}
