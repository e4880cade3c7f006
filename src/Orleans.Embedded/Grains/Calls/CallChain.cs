using System.Globalization;
using System.Text;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>Tells a person who waits for whom: the chain of open calls above and below one that timed out.</summary>
internal static class CallChain
{
    /// <summary>A chain is cut here; a longer one says nothing more.</summary>
    private const int CallsMax = 32;

    internal static string DescribeTimeout(Call call, TimeSpan timeout)
    {
        var chain = Collect(call);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Response did not arrive on time in {timeout} for {call.Method.Name} on {call.Reference}. Calls: client");
        foreach (var link in chain)
        {
            text.Append(CultureInfo.InvariantCulture, $" -> {link.Reference} {link.Method.Name}");
            if (link == call)
                text.Append(" (this one)");
        }

        text.Append('.');
        var last = chain[^1];
        if (last.Queue is not null && last.Activation?.CurrentRequest is { } ahead)
            text.Append(CultureInfo.InvariantCulture, $" The last waits in the queue of {last.Reference} behind {ahead.Description}.");
        if (IsCycle(chain))
            text.Append(" The chain comes back to a grain that waits in it: a cyclic call, which a non-reentrant grain never answers.");
        return text.ToString();
    }

    private static List<Call> Collect(Call call)
    {
        var chain = new List<Call>();
        for (var link = call; link is not null && chain.Count < CallsMax; link = link.Parent)
            chain.Insert(0, link);
        for (var link = call.Child; link is not null && chain.Count < CallsMax; link = link.Child)
            chain.Add(link);
        return chain;
    }

    private static bool IsCycle(List<Call> chain) =>
        chain.Where(static call => !call.Interleaves).Select(static call => (call.Reference.Class, call.Reference.Key)).Distinct().Count()
        < chain.Count(static call => !call.Interleaves);
}
