using OrleansChat.Identity;

namespace OrleansChat.Grains.Search;

/// <summary>Numbers for messages that have none yet, rising in the order in which they are asked for.</summary>
internal sealed class DocumentNumbers
{
    private readonly Dictionary<(TenantId Tenant, long First), long> _last = [];

    /// <summary>The next number.</summary>
    /// <param name="tenant">Whose numbers; the default where all tenants share them.</param>
    /// <param name="time">The message's time.</param>
    /// <param name="readLast">The highest stored number of a range; asked once for each millisecond.</param>
    internal long Next(TenantId tenant, DateTimeOffset time, Func<long, long, long?> readLast)
    {
        var first = DocumentNumber.First(time);
        var number = _last.TryGetValue((tenant, first), out var last) ? last + 1 : (readLast(first, DocumentNumber.Last(first)) ?? first - 1) + 1;
        _last[(tenant, first)] = number;
        return number;
    }
}
