using OrleansChat.Grains.Search;

namespace OrleansChat.Grains.Tests.Search;

public sealed class SearchParserTests
{
    private const int PartsMax = 20;

    [Fact]
    [Rule("L5")]
    public void Parse_WordsPhrasesPrefixesAndAbsences_AreTerms()
    {
        var expression = Parse("""Über foo.bar "Thank  YOU" apt-ge* -no -"not this" --force “smart quotes”""");

        expression.Terms.Select(term => (string.Join(' ', term.Words), term.Prefix, term.Negated)).ShouldBe(
        [
            ("uber", false, false), ("foo.bar", false, false), ("thank you", false, false), ("apt-ge", true, false),
            ("no", false, true), ("not this", false, true), ("--force", false, false), ("smart quotes", false, false),
        ]);
    }

    [Fact]
    [Rule("L5")]
    public void Parse_Operators_AreWhatTheySay()
    {
        var expression = Parse("FROM:ann from:\"Bob Baker\" in:standup in:\"Old name\" with:cleo has:link has:CODE is:unread is:mentioned");

        expression.From.ShouldBe(["ann", "Bob Baker"]);
        expression.In.ShouldBe(["standup", "Old name"]);
        expression.With.ShouldBe(["cleo"]);
        expression.Marks.ShouldBe(SearchMarks.HasLink | SearchMarks.HasCode | SearchMarks.IsUnread | SearchMarks.IsMentioned);
        expression.Terms.ShouldBeEmpty();
    }

    [Theory]
    [Rule("L5")]
    [InlineData("before:2026-03-02", null, "2026-03-02T00:00Z")]
    [InlineData("after:2026-03-02", "2026-03-03T00:00Z", null)]
    [InlineData("on:2026-03-02", "2026-03-02T00:00Z", "2026-03-03T00:00Z")]
    [InlineData("after:2026-03-02T10:00+02:00 before:2026-03-02T10:00:30Z", "2026-03-02T08:00Z", "2026-03-02T10:00:30Z")]
    [InlineData("after:2026-03-02 after:2026-03-05 before:2026-04-01 before:2026-03-20", "2026-03-06T00:00Z", "2026-03-20T00:00Z")]
    public void Parse_Times_AreDaysInUtcOrInstants(string query, string? notBefore, string? before)
    {
        var expression = Parse(query);
        expression.NotBefore.ShouldBe(notBefore is null ? null : DateTimeOffset.Parse(notBefore, System.Globalization.CultureInfo.InvariantCulture));
        expression.Before.ShouldBe(before is null ? null : DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("http://example.com/x?from:y")]
    [InlineData("foo:bar")]
    [InlineData("fromage:x")]
    [InlineData("10:30")]
    [InlineData("a\"b")]
    public void Parse_WhatOnlyLooksLikeAnOperator_IsAWord(string query) =>
        Parse(query).Terms.ShouldHaveSingleItem().Words.ShouldBe([query]);

    [Theory]
    [Rule("L5")]
    [InlineData("", "empty")]
    [InlineData("  \t ", "empty")]
    [InlineData("\"open", "not closed")]
    [InlineData("from:\"open", "not closed")]
    [InlineData("\" \"", "nothing between")]
    [InlineData("from:", "from: has no value")]
    [InlineData("from: ann", "from: has no value")]
    [InlineData("has:file", "has: must be followed by link or code")]
    [InlineData("has:image", "has: must be followed by link or code")]
    [InlineData("is:saved", "is: must be followed by unread or mentioned")]
    [InlineData("-from:ann", "from: cannot be negated")]
    [InlineData("on:yesterday", "on: must be followed by a day")]
    [InlineData("on:2026-03-02T10:00Z", "on: must be followed by a day")]
    [InlineData("before:2026-13-02", "before: must be followed by a day")]
    [InlineData("after:9999-12-31", "after: must be followed by a day")]
    [InlineData("a*", "at least 2 letters")]
    [InlineData("ab*", null)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 \"19 20\"", null)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 in:20 from:21", "more than 20")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 \"20 21\"", "more than 20")]
    public void Parse_AtAndBeyondItsBounds_SaysWhatIsWrong(string query, string? refusal)
    {
        var (expression, reason) = SearchParser.Parse(query, PartsMax);
        if (refusal is null)
        {
            expression.ShouldNotBeNull();
        }
        else
        {
            expression.ShouldBeNull();
            reason.ShouldNotBeNull().ShouldContain(refusal);
        }
    }

    private static SearchExpression Parse(string query)
    {
        var (expression, refusal) = SearchParser.Parse(query, PartsMax);
        refusal.ShouldBeNull();
        return expression!;
    }
}
