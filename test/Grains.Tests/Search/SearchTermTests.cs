using OrleansChat.Grains.Search;

namespace OrleansChat.Grains.Tests.Search;

public sealed class SearchTermTests
{
    [Theory]
    [Rule("L5")]
    [InlineData("foo", "a foo.", true)]
    [InlineData("foo", "foobar foo_ xfoo", false)]
    [InlineData("foo", "foobar foo", true)]
    [InlineData("10.0.0.1", "http://10.0.0.1:80", true)]
    [InlineData("10.0.0.1", "110.0.0.1 10.0.0.12", false)]
    [InlineData("g++", "g++-4.2", true)]
    [InlineData("g++", "g++4", false)]
    [InlineData("#1", "x#1", false)]
    [InlineData("#1", "(#1)", true)]
    [InlineData(":)", "well :) ok", true)]
    [InlineData("𐐷", "𐐷𐐷", false)]
    public void Accepts_Word_IsWhatGrepFindsAsAWord(string word, string text, bool accepted) =>
        new SearchTerm { Words = [word] }.Accepts(text).ShouldBe(accepted);

    [Theory]
    [Rule("L5")]
    [InlineData("thank you", "thank you", true)]
    [InlineData("thank you", "thank (you)", true)]
    [InlineData("thank you", "thank me, thank -- you", true)]
    [InlineData("thank you", "thank all you", false)]
    [InlineData("thank you", "thank younger", false)]
    [InlineData("a a b", "a a a b", true)]
    [InlineData("x (y", "x (y)", true)]
    [InlineData("x (y", "x y", false)]
    public void Accepts_Phrase_IsItsWordsWithSignsBetween(string phrase, string text, bool accepted) =>
        new SearchTerm { Words = [.. phrase.Split(' ')] }.Accepts(text).ShouldBe(accepted);

    [Fact]
    [Rule("L5")]
    public void Accepts_PrefixAndNegation_AreLooserAndTheOpposite()
    {
        var prefix = new SearchTerm { Words = ["apt-g"], Prefix = true };
        prefix.Accepts("use apt-get").ShouldBeTrue();
        prefix.Accepts("xapt-get").ShouldBeFalse();
        (prefix with { Negated = true }).Accepts("use apt-get").ShouldBeFalse();
        (prefix with { Negated = true }).Accepts("use it").ShouldBeTrue();
    }

    [Theory]
    [Rule("S11")]
    [InlineData("a a a a a a a a a a a a a a a a a a a b", "a ")]
    [InlineData("a b", "a          ")]
    [InlineData("( ( (", "( ")]
    [InlineData("aaaaaaaaaaaaaaaaaaaab", "a")]
    public void Accepts_HostileTextAndTerm_TakesMilliseconds(string phrase, string pattern)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, 40_000 / pattern.Length));
        var term = new SearchTerm { Words = [.. phrase.Split(' ')] };

        Cost.ShouldBeLessThan(TimeSpan.FromMilliseconds(250), () => term.Accepts(text));
    }
}
