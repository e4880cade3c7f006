using System.Text.Json;

namespace OrleansChat.Browser.Tests;

/// <summary>axe-core's rules for WCAG 2.2 AA, run in the page.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Source = new(static () =>
        File.ReadAllText(Path.Combine(Repository.Root, "src", "WebClient", "node_modules", "axe-core", "axe.min.js")));

    /// <summary>What axe finds wrong: the rule, and each element that breaks it.</summary>
    internal static async Task<IReadOnlyList<string>> ViolationsAsync(Person person)
    {
        if (!await person.Page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await person.Page.EvaluateAsync($"() => {{ {Source.Value} }}");
        }

        var found = await person.Page.EvaluateAsync<JsonElement>("""
            async () => (await window.axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                resultTypes: ['violations'],
            })).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll('\n', ' ')}`))
            """);
        return [.. found.EnumerateArray().Select(static line => line.GetString()!)];
    }
}
