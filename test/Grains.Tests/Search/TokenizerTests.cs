using OrleansChat.Grains.Search;
using OrleansChat.Text;

namespace OrleansChat.Grains.Tests.Search;

public sealed class TokenizerTests
{
    [Theory]
    [Rule("L5")]
    [InlineData("hello, big_world 42", "hello big_world 42")]
    [InlineData("apt-get", "apt apt-get get")]
    [InlineData("ann@mail.example.com", "ann ann@mail mail mail.example example example.com com")]
    [InlineData("10.0.0.1", "10 10.0 0 0.0 0.1 1")]
    [InlineData("http://a.b/c", "http http://a a a.b b b/c c")]
    [InlineData("libfoo-2.0 g++ c#", "libfoo libfoo-2 2 2.0 0 g g+ c c#")]
    [InlineData("#123 ABC-123", "123 #123 abc abc-123")]
    [InlineData("a----b a b", "a b")]
    [InlineData("Ärger in Łódź, straße ﬁne İı", "arger in lodz strasse fine ii")]
    [InlineData("!?", "")]
    public void Tokens_OfAText_AreItsWordsJointsAndSigns(string text, string tokens) =>
        string.Join(' ', Tokenizer.Tokens(TextFold.Fold(text))).ShouldBe(tokens);

    [Fact]
    public void Tokens_VeryLongWord_IsKnownByItsBeginningAndNeverHalfALetter()
    {
        Tokenizer.Tokens(new string('x', 100)).ShouldBe([new string('x', Tokenizer.WordCharsMax)]);
        Tokenizer.Tokens(new string('x', Tokenizer.WordCharsMax)).ShouldBe([new string('x', Tokenizer.WordCharsMax)]);
        var token = Tokenizer.Tokens(new string('x', Tokenizer.WordCharsMax - 1) + "𐐷𐐷").ShouldHaveSingleItem();
        token.ShouldBe(new string('x', Tokenizer.WordCharsMax - 1));
    }

    [Theory]
    [InlineData("apt-g", "apt-g", "g")]
    [InlineData("pre", "pre", "pre")]
    [InlineData("#12", "12", "12")]
    [InlineData("a----bc", "bc", "bc")]
    [InlineData("g++", null, null)]
    public void LastAsPrefix_OfAnExpression_IsWhatMayGoOn(string text, string? open, string? word) =>
        Tokenizer.LastAsPrefix(text).ShouldBe((open, word));

    /// <summary>What the whole search rests on: a text that contains a term has every token of it.</summary>
    [Fact]
    [Rule("L5")]
    public void Tokens_OfWhateverATextContains_AreTokensOfTheText()
    {
        const string Signs = "aab1_é #+-.:/@ '`😀𐐷";
        var random = new Random(4711);
        var contained = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = TextFold.Fold(Text(random, 14));
            var from = random.Next(text.Length);
            var piece = text[from..random.Next(from, text.Length)];
            var words = piece.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]))
            {
                continue;
            }

            var term = new SearchTerm { Words = [.. words], Prefix = random.Next(3) == 0 };
            if (!term.Accepts(text))
            {
                continue;
            }

            contained++;
            var wanted = new HashSet<SearchToken>();
            term.AddTokens(wanted);
            var known = Tokenizer.Tokens(text);
            wanted.ShouldAllBe(token => known.Any(other => token.Prefix ? other.StartsWith(token.Text, StringComparison.Ordinal) : other == token.Text), $"'{term}' in '{text}'");
        }

        contained.ShouldBeGreaterThan(1_000);

        static string Text(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Signs.EnumerateRunes().ElementAt(random.Next(Signs.EnumerateRunes().Count())).ToString()));
    }

    [Theory]
    [Rule("S11")]
    [InlineData("a")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("#")]
    [InlineData("`")]
    [InlineData("://")]
    [InlineData("http://")]
    [InlineData("̖́")]
    [InlineData("ﷺ")]
    [InlineData("𝔸")]
    public void Document_OfTheLongestHostileText_TakesTimeByItsLength(string pattern)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(pattern);
        var (eighth, whole) = (Repeat(5_000), Repeat(40_000));
        Cost.ShouldBeLessThan(TimeSpan.FromMilliseconds(100), () => Read(whole));
        var least = Enumerable.Range(0, 7).Min(_ => Cost.Of(() => Read(eighth)));
        // Eight times as much takes eight times as long, and some noise; of a quadratic reader 64 times.
        Cost.ShouldBeLessThan((24 * least) + TimeSpan.FromMilliseconds(5), () => Read(whole));

        string Repeat(int length) => string.Concat(Enumerable.Repeat(pattern, length / bytes));

        static void Read(string text)
        {
            _ = Tokenizer.Tokens(TextFold.Fold(text));
            _ = MessageMarks.Of(text);
        }
    }
}
