using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Grains.Inbox;

/// <summary>Bounds of people's inboxes (section <c>Inbox</c>).</summary>
public sealed class InboxOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Inbox";

    /// <summary>Conversations of one person whose names are looked through, the last active first (rule L4).</summary>
    [Range(1, 1_000_000)]
    public int NamesMax { get; set; } = 10_000;

    /// <summary>How long it is known why a message did or did not notify (rule N12).</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan ReasonsKept { get; set; } = TimeSpan.FromDays(7);

    /// <summary>So often somebody may let the same person be notified in spite of do-not-disturb (rule N6).</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan NotifyNowPause { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Drafts of one person: all of them go into one answer (rule W3).</summary>
    [Range(1, 10_000)]
    public int DraftsMax { get; set; } = 100;
}
