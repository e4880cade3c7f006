using System.Text.RegularExpressions;

namespace OrleansChat.Browser.Tests;

/// <summary>
/// What things are called in the language of a page, by what they are called in English: from the client's own catalogues, so that
/// the same steps are taken in every language. Texts without values, and the choices of those with a choice.
/// </summary>
internal sealed partial class Words
{
    private static readonly string Catalogues = Path.Combine(Repository.Root, "src", "WebClient", "src", "i18n");

    private readonly ILookup<string, (string Key, string Text)>? _others;

    private Words(ILookup<string, (string, string)>? others) => _others = others;

    internal static Words English { get; } = new(null);

    /// <param name="language">Of the page: <c>en</c>, <c>ar</c>.</param>
    internal static Words Of(string language)
    {
        if (language == "en")
        {
            return English;
        }

        var others = Read([Path.Combine(Catalogues, $"{language}.ts")]);
        return new(Read(Directory.GetFiles(Path.Combine(Catalogues, "en")))
            .Where(text => others.ContainsKey(text.Key))
            .ToLookup(static text => text.Value, text => (text.Key, others[text.Key])));
    }

    /// <summary>The text that is this one in English.</summary>
    /// <param name="english">In whole.</param>
    /// <param name="of">Where the same has several names in the other language: the beginning of the key of the one that is meant.</param>
    internal string this[string english, string of = ""] =>
        _others is null
            ? english
            : _others[english].Where(text => text.Key.StartsWith(of, StringComparison.Ordinal)).Select(static text => text.Text).Distinct()
                .ShouldHaveSingleItem($"one translation of “{english}”");

    /// <summary>Texts by key; a choice of one by key and name of the choice.</summary>
    private static Dictionary<string, string> Read(IEnumerable<string> files)
    {
        Dictionary<string, string> texts = [];
        foreach (Match entry in files.SelectMany(static file => Entry().Matches(File.ReadAllText(file))))
        {
            var (key, text) = (entry.Groups["key"].Value, entry.Groups["text"].Value.Replace("\\'", "'", StringComparison.Ordinal));
            texts[key] = text;
            foreach (Match choice in Choice().Matches(text))
            {
                texts[$"{key} {choice.Groups["name"].Value}"] = choice.Groups["text"].Value;
            }
        }

        return texts;
    }

    [GeneratedRegex(@"'(?<key>[a-z]+\.\w+)':\s*'(?<text>(?:[^'\\]|\\.)*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\b(?<name>\w+) \{(?<text>[^{}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Choice();
}
