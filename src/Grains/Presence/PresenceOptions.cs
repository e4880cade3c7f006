using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Grains.Presence;

/// <summary>Bounds of presence (section <c>Presence</c>).</summary>
public sealed class PresenceOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Presence";

    /// <summary>The furthest time at which do-not-disturb can be told to end by itself.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3660.00:00:00")]
    public TimeSpan StatusTimeMax { get; set; } = TimeSpan.FromDays(366);

    /// <summary>How often the last input of somebody who stays connected is stored; who goes offline is stored at once.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LastSeenInterval { get; set; } = TimeSpan.FromMinutes(10);
}
