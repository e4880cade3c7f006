using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Grains.Tenants;

/// <summary>When what is too old is purged (section <c>Retention</c>). How old that is, tenants decide.</summary>
public sealed class RetentionOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Retention";

    /// <summary>From one purge to the next.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>From the start of the process to its first purge.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan StartDelay { get; set; } = TimeSpan.FromMinutes(10);
}
