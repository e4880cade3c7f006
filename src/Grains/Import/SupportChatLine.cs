using System.Globalization;

namespace OrleansChat.Grains.Import;

/// <summary>One line of a support chat's log file, as far as it is understood.</summary>
internal abstract record SupportChatLine
{
    private const string NoticePrefix = "=== ";
    private const string ActionMark = " * ";

    private SupportChatLine()
    {
    }

    /// <summary><c>[hh:mm] &lt;nick&gt; text</c>, or <c>[hh:mm]  * nick text</c>: an action.</summary>
    internal sealed record Said(int Minute, string Nick, string Text, bool IsAction) : SupportChatLine;

    /// <summary><c>=== nick has joined …</c>: presence of that day, not membership.</summary>
    internal sealed record Joined : SupportChatLine;

    /// <summary><c>=== nick has left …</c> or <c>has quit …</c>.</summary>
    internal sealed record Left : SupportChatLine;

    /// <summary>Any other <c>===</c> line: renames, topics, old-style actions.</summary>
    internal sealed record Notice : SupportChatLine;

    /// <summary>Nothing of these.</summary>
    internal sealed record Malformed : SupportChatLine;

    internal static SupportChatLine Parse(string line)
    {
        if (line.StartsWith(NoticePrefix, StringComparison.Ordinal))
        {
            return ParseNotice(line.AsSpan(NoticePrefix.Length));
        }

        if (line.Length < 8 || line[0] != '[' || line[3] != ':' || line[6] != ']' || line[7] != ' '
            || !TryTime(line.AsSpan(1, 2), 23, out var hour) || !TryTime(line.AsSpan(4, 2), 59, out var minute))
        {
            return new Malformed();
        }

        var rest = line.AsSpan(8);
        var time = (hour * 60) + minute;
        if (rest.StartsWith(ActionMark, StringComparison.Ordinal))
        {
            rest = rest[ActionMark.Length..];
            var end = rest.IndexOf(' ');
            return end > 0 ? new Said(time, rest[..end].ToString(), "* " + rest.ToString(), IsAction: true) : new Malformed();
        }

        var close = rest.IndexOf('>');
        return rest.StartsWith("<", StringComparison.Ordinal) && close > 1
            ? new Said(time, rest[1..close].ToString(), rest[(close + 1)..].TrimStart(' ').ToString(), IsAction: false)
            : new Malformed();
    }

    private static SupportChatLine ParseNotice(ReadOnlySpan<char> notice)
    {
        var nickEnd = notice.IndexOf(' ');
        var fact = nickEnd < 0 ? [] : notice[nickEnd..].TrimStart(' ');
        return fact.StartsWith("has joined", StringComparison.Ordinal) ? new Joined()
            : fact.StartsWith("has left", StringComparison.Ordinal) || fact.StartsWith("has quit", StringComparison.Ordinal) ? new Left()
            : new Notice();
    }

    private static bool TryTime(ReadOnlySpan<char> digits, int max, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
}
