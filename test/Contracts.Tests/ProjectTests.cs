using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrleansChat.Conversations;

namespace OrleansChat.Contracts.Tests;

/// <summary>Who may know whom (design §7), and that what the documents point at is there.</summary>
public sealed partial class ProjectTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Orleans.Embedded"] = [],
        ["Grains.Abstractions"] = [],
        ["Hosting"] = [],
        ["Grains"] = ["Grains.Abstractions", "Hosting"],
        ["Gateway"] = ["Grains.Abstractions", "Hosting", "Grains"],
        ["Silo"] = ["Grains.Abstractions", "Hosting", "Grains"],
    };

    [Fact]
    public void Projects_DependOneWay()
    {
        foreach (var project in Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Allowed.ShouldContainKey(name, "a project that no rule knows");
            ReferencesOf(project).ShouldBeSubsetOf(Allowed[name], name);
        }
    }

    [Fact]
    public void Gateway_KnowsTheGrainsWithTheEmbeddedEngineOnly()
    {
        var grains = XDocument.Load(Repository.PathOf("src/Gateway/Gateway.csproj")).Descendants("ProjectReference")
            .Single(reference => NameOf(reference) == "Grains");
        grains.Parent!.Attribute("Condition").ShouldNotBeNull().Value.ShouldBe("'$(Engine)' == 'Embedded'");
    }

    [Fact]
    public void Tests_AreKnownByNoProject()
    {
        foreach (var project in Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories))
        {
            XDocument.Load(project).Descendants("ProjectReference").ShouldAllBe(reference => !reference.Attribute("Include")!.Value.Contains("test/"), project);
        }
    }

    [Fact]
    public void Engine_KnowsNothingOfTheChat()
    {
        typeof(Grain).Assembly.GetReferencedAssemblies().ShouldAllBe(name => !name.Name!.StartsWith("OrleansChat", StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src/Orleans.Embedded"), "*.cs", SearchOption.AllDirectories))
        {
            File.ReadAllText(file).ShouldNotContain("OrleansChat", Case.Sensitive, file);
        }
    }

    [Fact]
    public void Abstractions_KnowTheEngineOnly() =>
        typeof(IConversationGrain).Assembly.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name is not "netstandard")
            .ShouldAllBe(name => name.StartsWith("Orleans.", StringComparison.Ordinal));

    [Fact]
    public void Sources_HoldNoEngineSwitchOutsideTheirHosting()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("node_modules")))
        {
            File.ReadLines(file).ShouldAllBe(line => !line.StartsWith("#if"), file);
        }
    }

    [Fact]
    public void Documents_LinkToFilesAndHeadingsThatExist()
    {
        string[] documents =
        [
            .. Directory.EnumerateFiles(Repository.Root, "*.md"),
            .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories),
        ];
        documents.ShouldContain(Repository.PathOf("docs/protocol.md"));
        List<string> broken = [];
        foreach (var document in documents)
        {
            foreach (Match link in Link().Matches(CodeBlock().Replace(File.ReadAllText(document), string.Empty)))
            {
                var target = link.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }

                var parts = target.Split('#', 2);
                var path = parts[0].Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(parts[0])));
                var exists = File.Exists(path) || Directory.Exists(path);
                if (!exists || (parts.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal) && !AnchorsOf(path).Contains(parts[1])))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Root, document)}: {target}");
                }
            }
        }

        broken.ShouldBeEmpty();
    }

    private static HashSet<string> AnchorsOf(string document) =>
    [
        .. File.ReadLines(document).Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-')),
    ];

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(project).Descendants("ProjectReference").Select(NameOf);

    private static string NameOf(XElement reference) => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));

    [GeneratedRegex(@"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
