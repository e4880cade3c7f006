using OrleansChat.Text;

namespace OrleansChat.Grains.Tests.Text;

public sealed class TextRulesTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\uD834\uDD1E clef", "\uD834\uDD1E clef")]
    [InlineData("", "")]
    public void Normalize_WellFormed_IsInNfc(string text, string expected) => TextRules.Normalize(text).ShouldBe(expected);

    [Fact]
    public void Normalize_NulOrLoneSurrogate_IsRefused()
    {
        // Not as attributes: those are stored in UTF-8, which cannot hold a lone surrogate.
        foreach (var text in new[] { "a\0b", "\uD834", "\uDD1E", "\uDD1E\uD834", "a\uD834b", "\uD834\uD834\uDD1E" })
        {
            TextRules.Normalize(text).ShouldBeNull();
        }
    }

    [Fact]
    public void HasMoreScalarsThan_AtTheEdge_CountsScalarsNotCodeUnits()
    {
        var clefs = string.Concat(Enumerable.Repeat("\uD834\uDD1E", 10));

        TextRules.HasMoreScalarsThan(clefs, 10).ShouldBeFalse();
        TextRules.HasMoreScalarsThan(clefs, 9).ShouldBeTrue();
        TextRules.HasMoreScalarsThan("ten chars!", 10).ShouldBeFalse();
        TextRules.HasMoreScalarsThan("ten chars!", 9).ShouldBeTrue();
    }

    [Fact]
    [Rule("C5")]
    public void Name_AtItsBounds_IsTrimmedAndCountedInScalars()
    {
        var longest = string.Concat(Enumerable.Repeat("\uD834\uDD1E", 64));

        TextRules.Name("  Stand up\t ", 64).ShouldBe("Stand up");
        TextRules.Name(longest, 64).ShouldBe(longest);
        TextRules.Name($" {longest} ", 64).ShouldBe(longest);
        TextRules.Name(longest + "x", 64).ShouldBeNull();
        TextRules.Name("x", 1).ShouldBe("x");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\0")]
    public void Name_EmptyOrControlOrIllFormed_IsRefused(string name) => TextRules.Name(name, 64).ShouldBeNull();

    [Fact]
    public void Name_LoneSurrogate_IsRefused() => TextRules.Name("a\uD834", 64).ShouldBeNull();

    [Fact]
    public void Name_HugeWhiteSpace_IsRefusedWithoutWork() => TextRules.Name(new string(' ', 10_000) + "x", 64).ShouldBeNull();
}
