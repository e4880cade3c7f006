using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Grains.Search;

/// <summary>Bounds of searches and of the index behind them (section <c>Search</c>).</summary>
public sealed class SearchOptions
{
    internal const string Section = "Search";

    /// <summary>Longest query, in Unicode scalars.</summary>
    [Range(1, 10_000)]
    public int QueryScalarsMax { get; set; } = 500;

    /// <summary>Most words (those of phrases too) and operators of a query.</summary>
    [Range(1, 100)]
    public int QueryPartsMax { get; set; } = 20;

    /// <summary>Pause between two looks for what is to be indexed: a message is found about so long after it was posted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan IndexInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Changes indexed in one commit. On SQLite posts wait for it, so more means fewer commits and longer waits.</summary>
    [Range(1, 10_000)]
    public int IndexRevsMax { get; set; } = 200;
}
