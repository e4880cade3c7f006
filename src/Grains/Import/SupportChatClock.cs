namespace OrleansChat.Grains.Import;

/// <summary>
/// The time of a line: files say the day in their name and lines the minute only. Time that steps back by more than half
/// a day passed midnight; by a quarter of a day or more, the log's clock had twelve hours. Smaller steps back stay: the
/// order of messages is that of the lines, times are for eyes.
/// </summary>
internal sealed class SupportChatClock(DateOnly day)
{
    private const int HalfDay = 12 * 60;

    private int _offset;
    private int _last = -1;

    internal DateTimeOffset At(int minute)
    {
        var back = _last - minute;
        if (back > HalfDay)
        {
            _offset += 2 * HalfDay;
        }
        else if (back >= HalfDay / 2)
        {
            _offset += HalfDay;
        }

        _last = minute;
        return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMinutes(_offset + minute);
    }

    /// <summary>The clock of a file named <c>yyyy-MM-dd…</c>; null for any other name.</summary>
    internal static SupportChatClock? ForFile(string path) =>
        Path.GetFileName(path) is { Length: >= 10 } name
        && DateOnly.TryParseExact(name.AsSpan(0, 10), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day)
            ? new SupportChatClock(day)
            : null;
}
