using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// The mentions in a text (rule N1): <c>&lt;@ann&gt;</c> for a person, <c>&lt;!all&gt;</c> and <c>&lt;!here&gt;</c> for many. Inside
/// code they mean nothing (rule N3). Pure; one pass, whatever the text.
/// </summary>
internal readonly record struct MentionText(ImmutableArray<UserId> Users, bool All, bool Here)
{
    private const string AllToken = "<!all>";
    private const string HereToken = "<!here>";
    private const string UserPrefix = "<@";

    /// <summary>Each person once, in the order of the text.</summary>
    internal static MentionText Of(string text)
    {
        if (!text.Contains('<', StringComparison.Ordinal))
        {
            return new MentionText([], false, false);
        }

        var users = new List<UserId>();
        var named = new HashSet<UserId>();
        var (all, here) = (false, false);
        var closings = text.Contains('`', StringComparison.Ordinal) ? CodeEnds(text) : null;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '`')
            {
                at = closings!.GetValueOrDefault(at, at + RunAt(text, at));
            }
            else if (text[at] == '<')
            {
                var rest = text.AsSpan(at);
                all |= rest.StartsWith(AllToken, StringComparison.Ordinal);
                here |= rest.StartsWith(HereToken, StringComparison.Ordinal);
                if (rest.StartsWith(UserPrefix, StringComparison.Ordinal) && UserIn(rest[UserPrefix.Length..]) is { } user && named.Add(user))
                {
                    users.Add(user);
                }

                at++;
            }
            else
            {
                at++;
            }
        }

        return new MentionText([.. users], all, here);
    }

    /// <summary>How a text names somebody. What would end or hide the name is written as %25, %3C, %3E, %60.</summary>
    internal static string TokenOf(UserId user) =>
        UserPrefix + user.Value
            .Replace("%", "%25", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal)
            .Replace(">", "%3E", StringComparison.Ordinal).Replace("`", "%60", StringComparison.Ordinal) + ">";

    private static UserId? UserIn(ReadOnlySpan<char> rest)
    {
        // Three characters of text for each that is encoded; what is longer names nobody, and is not searched through.
        var window = rest[..Math.Min(rest.Length, (3 * UserId.CharsMax) + 1)];
        var end = window.IndexOfAny('<', '>', '`');
        if (end <= 0 || window[end] != '>')
        {
            return null;
        }

        var id = window[..end].ToString()
            .Replace("%60", "`", StringComparison.Ordinal).Replace("%3E", ">", StringComparison.Ordinal)
            .Replace("%3C", "<", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        return UserId.TryParse(id, out var user) ? user : null;
    }

    /// <summary>
    /// Where each piece of code ends, by where it begins. Code is what stands between two runs of equally many backticks; a
    /// run of three or more at the beginning of a line that is never closed lasts to the end.
    /// </summary>
    private static Dictionary<int, int> CodeEnds(string text)
    {
        var runs = new List<(int At, int Length)>();
        for (var at = text.IndexOf('`', StringComparison.Ordinal); at >= 0; at = at < text.Length ? text.IndexOf('`', at) : -1)
        {
            var length = RunAt(text, at);
            runs.Add((at, length));
            at += length;
        }

        var ends = new Dictionary<int, int>();
        var nextOfLength = new Dictionary<int, int>();
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            var (at, length) = runs[i];
            if (nextOfLength.TryGetValue(length, out var closing))
            {
                ends[at] = closing + length;
            }
            else if (length >= 3 && (at == 0 || text[at - 1] == '\n'))
            {
                ends[at] = text.Length;
            }

            nextOfLength[length] = at;
        }

        return ends;
    }

    private static int RunAt(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == '`')
        {
            end++;
        }

        return end - at;
    }
}
