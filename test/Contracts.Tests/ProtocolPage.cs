using System.Text.RegularExpressions;

namespace OrleansChat.Contracts.Tests;

/// <summary>docs/protocol.md, taken apart: its sections, and the tables in them.</summary>
internal sealed partial class ProtocolPage
{
    private readonly Dictionary<string, List<string>> _sections = new(StringComparer.Ordinal);

    private ProtocolPage(string markdown)
    {
        var path = string.Empty;
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                path = line[3..].Trim();
            }
            else if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                path = path.Split('/')[0] + "/" + line[4..].Trim();
            }

            if (!_sections.TryGetValue(path, out var lines))
            {
                _sections[path] = lines = [];
            }

            lines.Add(line);
        }
    }

    internal static ProtocolPage Read() => new(Repository.Read("docs/protocol.md"));

    /// <summary>The names of the sections below a chapter.</summary>
    internal IReadOnlyList<string> Below(string chapter) =>
        [.. _sections.Keys.Where(path => path.StartsWith(chapter + "/", StringComparison.Ordinal)).Select(path => path[(chapter.Length + 1)..])];

    internal string Text(string section) => string.Join('\n', _sections[section]);

    /// <summary>The rows of the table whose first column has this title; empty when there is none.</summary>
    internal IReadOnlyList<string[]> Table(string section, string firstColumn)
    {
        List<string[]> rows = [];
        var inside = false;
        foreach (var line in _sections[section])
        {
            if (!line.StartsWith('|'))
            {
                inside = false;
                continue;
            }

            string[] cells = [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
            if (cells[0] == firstColumn)
            {
                inside = true;
            }
            else if (inside && !cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                rows.Add(cells);
            }
        }

        return rows;
    }

    /// <summary>Field and type of each row; links are read as their text.</summary>
    internal IReadOnlyList<string> Fields(string section, string firstColumn) =>
        [.. Table(section, firstColumn).Select(row => $"{row[0].Trim('`')}: {Link().Replace(row[1], "$1")}").Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Link();
}
