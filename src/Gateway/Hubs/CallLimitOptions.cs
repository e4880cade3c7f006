using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Bounds of what callers may ask (section <c>Limits</c>; semantics: Limits).</summary>
internal sealed class CallLimitOptions
{
    internal const string Section = "Limits";

    /// <summary>Longest text in Unicode scalars, as told to clients; the grains decide.</summary>
    [Range(1, 100_000)]
    public int TextScalarsMax { get; set; } = 10_000;

    /// <summary>Longest text in bytes of UTF-8, as told to clients; the grains decide.</summary>
    [Range(1, 400_000)]
    public int TextBytesMax { get; set; } = 40_000;

    /// <summary>Longest page of anything.</summary>
    [Range(1, 200)]
    public int PageMax { get; set; } = 200;

    /// <summary>Posts of one person per second.</summary>
    [Range(0.01, 1_000_000)]
    public double SendPerSecond { get; set; } = 5;

    /// <summary>Posts of one person at once.</summary>
    [Range(1, 1_000_000)]
    public int SendBurst { get; set; } = 10;

    /// <summary>Posts of one tenant per second, on one gateway; at once likewise.</summary>
    [Range(1, 1_000_000)]
    public int TenantSendPerSecond { get; set; } = 500;

    /// <summary>Read marks of one person per second; at once likewise.</summary>
    [Range(1, 1_000_000)]
    public int ReadMarksPerSecond { get; set; } = 5;

    /// <summary>Calls that read, of one person, per second.</summary>
    [Range(0.01, 1_000_000)]
    public double HistoryPerSecond { get; set; } = 5;

    /// <summary>Calls that read, of one person, at once.</summary>
    [Range(1, 1_000_000)]
    public int HistoryBurst { get; set; } = 20;

    /// <summary>Groups that one person creates per minute; at once likewise.</summary>
    [Range(1, 1_000_000)]
    public int CreateGroupsPerMinute { get; set; } = 10;

    /// <summary>Calls of one person that tell of input and of what is open, per second.</summary>
    [Range(0.01, 1_000_000)]
    public double ActivityPerSecond { get; set; } = 2;

    /// <summary>Calls of one person that tell of input and of what is open, at once.</summary>
    [Range(1, 1_000_000)]
    public int ActivityBurst { get; set; } = 10;

    /// <summary>Calls of one person about presence, to see and to be seen, per second.</summary>
    [Range(0.01, 1_000_000)]
    public double WatchPerSecond { get; set; } = 2;

    /// <summary>Calls of one person about presence, to see and to be seen, at once.</summary>
    [Range(1, 1_000_000)]
    public int WatchBurst { get; set; } = 10;

    /// <summary>People whom one session watches.</summary>
    [Range(1, 1_000)]
    public int WatchUsersMax { get; set; } = 200;

    /// <summary>Conversations that one session has open.</summary>
    [Range(1, 64)]
    public int ViewConversationsMax { get; set; } = 4;

    /// <summary>Typing notices of one person per second, to all conversations together; the grains bound those to one.</summary>
    [Range(0.01, 1_000_000)]
    public double TypingPerSecond { get; set; } = 5;

    /// <summary>Typing notices of one person at once.</summary>
    [Range(1, 1_000_000)]
    public int TypingBurst { get; set; } = 20;

    /// <summary>Searches of one person per second.</summary>
    [Range(0.01, 1_000_000)]
    public double SearchPerSecond { get; set; } = 1;

    /// <summary>Searches of one person at once.</summary>
    [Range(1, 1_000_000)]
    public int SearchBurst { get; set; } = 5;

    /// <summary>Reports of one person's devices about notifications per second.</summary>
    [Range(0.01, 1_000_000)]
    public double ReportsPerSecond { get; set; } = 1;

    /// <summary>Reports of one person's devices about notifications at once.</summary>
    [Range(1, 1_000_000)]
    public int ReportsBurst { get; set; } = 10;

    /// <summary>Drafts that one person saves per second.</summary>
    [Range(0.01, 1_000_000)]
    public double DraftsPerSecond { get; set; } = 2;

    /// <summary>Drafts that one person saves at once.</summary>
    [Range(1, 1_000_000)]
    public int DraftsBurst { get; set; } = 10;

    /// <summary>Connects of one person per minute.</summary>
    [Range(1, 1_000_000)]
    public int ConnectsPerMinute { get; set; } = 30;

    /// <summary>Failed handshakes of one address per minute.</summary>
    [Range(1, 1_000_000)]
    public int FailedHandshakesPerMinute { get; set; } = 60;

    /// <summary>Panels of tenants that nobody knows, or that have none, asked for by one address per minute.</summary>
    [Range(1, 1_000_000)]
    public int UnknownPanelsPerMinute { get; set; } = 60;

    /// <summary>A call without an answer by then is answered <c>timeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(8);
}
