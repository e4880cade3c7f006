using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansChat.Contracts.Tests;

/// <summary>Every rule of the semantics that concerns the server is defended by a test, and docs/semantics-coverage.md says by which.</summary>
public sealed partial class RuleTests
{
    private const string Page = "docs/semantics-coverage.md";

    private static readonly (char Group, string Title, int[] Numbers)[] Groups =
    [
        ('C', "Conversations", [.. Enumerable.Range(1, 14)]),
        ('M', "Messages", [.. Enumerable.Range(1, 16)]),
        ('T', "Typing", [.. Enumerable.Range(1, 7)]),
        ('U', "Unread and read state", [.. Enumerable.Range(1, 12)]),
        ('P', "Presence", [.. Enumerable.Range(1, 10)]),
        ('N', "Mentions and notifications", [.. Enumerable.Range(1, 10), 12]),
        ('L', "List and search", [.. Enumerable.Range(1, 6)]),
        ('R', "Roles, isolation, audit", [.. Enumerable.Range(1, 6)]),
        ('W', "Web client, of which the server keeps drafts", [3]),
    ];

    /// <summary>Rules that only a client can keep, and why.</summary>
    private static readonly Dictionary<string, string> OfClients = new(StringComparer.Ordinal)
    {
        ["M5"] = "How a pending message is shown and sent again is the client's; that sending again is safe is M3.",
        ["T2"] = "The reader's client forgets by its own clock; the server never tells that somebody is forgotten.",
        ["T3"] = "The reader's client takes the arriving message for the end; sending tells the server no more.",
        ["U7"] = "When something counts as read is what the client reports with `MarkRead` (U5).",
        ["U9"] = "The divider is drawn from the cursor at opening time and kept by the view.",
        ["N8"] = "Whether a window is open, focused and used is known to the client alone.",
        ["N9"] = "One popup per machine is settled between the tabs of that machine.",
        ["L3"] = "The server answers in the list's order; holding a row in its place is the view's.",
    };

    [Fact]
    public void Rules_OfTheServer_AreEachDefendedByATest()
    {
        var tests = Tests();
        All().Where(rule => !OfClients.ContainsKey(rule) && !tests.Contains(rule))
            .ShouldBeEmpty("a rule without a test marked [Rule(\"…\")]");
    }

    [Fact]
    public void Rules_OfClients_AreRules() => OfClients.Keys.ShouldBeSubsetOf(All());

    [Fact]
    public void Coverage_Page_SaysWhichTestsDefendWhichRule()
    {
        var actual = Write(Tests());
        if (Repository.Rewrites)
        {
            File.WriteAllText(Repository.PathOf(Page), actual);
        }

        File.ReadAllText(Repository.PathOf(Page)).ReplaceLineEndings("\n")
            .ShouldBe(actual, $"{Page} is generated: run this test once with REWRITE_GOLDEN=1 and commit the difference.");
    }

    private static IEnumerable<string> All() =>
        Groups.SelectMany(group => group.Numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{group.Group}{number}")));

    private static string Write(ILookup<string, string> tests)
    {
        var page = new StringBuilder(
            """
            # Which tests defend which rule

            Generated from the tests: those of C# are marked `[Rule("M3")]`, those of the web client are named by `rule('M3', …)`. The rules that a
            client alone can keep say why. A test fails when another rule has no test, and when this page is not what the tests say
            (`REWRITE_GOLDEN=1` writes it anew).

            """.ReplaceLineEndings("\n"));
        foreach (var (group, title, numbers) in Groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| rule | tests |\n| --- | --- |\n");
            foreach (var number in numbers)
            {
                var rule = string.Create(CultureInfo.InvariantCulture, $"{group}{number}");
                IEnumerable<string> reason = OfClients.TryGetValue(rule, out var why) ? [$"*Client only.* {why}"] : [];
                var lines = reason.Concat(tests[rule].Distinct().Order(StringComparer.Ordinal));
                page.Append(CultureInfo.InvariantCulture, $"| {rule} | {string.Join("<br>", lines)} |\n");
            }
        }

        return page.ToString();
    }

    /// <summary>Test by rule.</summary>
    private static ILookup<string, string> Tests() =>
        SourcesOf("test", "*.cs").SelectMany(InCSharp)
            .Concat(SourcesOf("src/WebClient/src", "*.test.ts*").SelectMany(InTypeScript))
            .ToLookup(found => found.Rule, found => found.Test);

    /// <summary>The rules before a method are the method's.</summary>
    private static IEnumerable<(string Rule, string Test)> InCSharp(string file)
    {
        var rules = new List<string>();
        foreach (var line in File.ReadLines(file))
        {
            rules.AddRange(RuleAttribute().Matches(line).Select(match => match.Groups["rule"].Value));
            if (rules.Count > 0 && Method().Match(line) is { Success: true } method)
            {
                foreach (var rule in rules)
                {
                    yield return (rule, $"`{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}`");
                }

                rules.Clear();
            }
        }
    }

    private static IEnumerable<(string Rule, string Test)> InTypeScript(string file) =>
        RuleCall().Matches(File.ReadAllText(file)).Select(match => (match.Groups["rule"].Value, $"`{Path.GetFileName(file)}`: {match.Groups["what"].Value}"));

    private static IEnumerable<string> SourcesOf(string folder, string pattern) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [GeneratedRegex("""^\s*\[(?:.*\b)?Rule\("(?<rule>[A-Z]+\d+)"\)|(?<=, )Rule\("(?<rule>[A-Z]+\d+)"\)""")]
    private static partial Regex RuleAttribute();

    [GeneratedRegex("""^\s*public (?:static |async |override |virtual )*(?:[\w<>?]+) (?<name>\w+)\(""")]
    private static partial Regex Method();

    [GeneratedRegex("""\brule\('(?<rule>[A-Z]+\d+)',\s*'(?<what>[^']*)'""")]
    private static partial Regex RuleCall();
}
