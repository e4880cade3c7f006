using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog;

/// <summary>Collects the rows of a page until it is full.</summary>
internal sealed class ArchiveRows<T>(int limit)
{
    private readonly ImmutableArray<T>.Builder _rows = ImmutableArray.CreateBuilder<T>();
    private long _key = -1;
    private int _chars;

    /// <summary>False when the page is full, and the row begins the next one.</summary>
    /// <param name="key">Rows of one key come together, or not at all.</param>
    /// <param name="chars">Of the row's text.</param>
    /// <param name="row">The row.</param>
    internal bool TryAdd(long key, int chars, T row)
    {
        if (key != _key && (_rows.Count >= limit || _chars >= ArchivePage.CharsMax))
        {
            return false;
        }

        _key = key;
        _chars += chars;
        _rows.Add(row);
        return true;
    }

    internal ArchivePage<T> Page(bool more) => new(_rows.ToImmutable(), more);
}
