using System.Globalization;

namespace OrleansChat.Testing;

/// <summary>A process and its descendants as Linux accounts them: what they cost, not what they say of themselves.</summary>
public sealed class ProcessTree(int root)
{
    private const double TicksPerSecond = 100; // USER_HZ, the unit of /proc/<pid>/stat on every Linux that .NET runs on.
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int StartTimeField = 19;

    /// <summary>The root's process id.</summary>
    public int Root => root;

    /// <summary>When the root process started, in clock ticks since the machine did; null when it is gone. Its id and this
    /// name one process: an id alone is given again to a later one.</summary>
    public long? StartTicks => Fields(root) is { } fields ? long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture) : null;

    /// <summary>CPU-seconds used so far, those of descendants that have ended included.</summary>
    public double CpuSeconds()
    {
        const int withEndedChildren = 4; // utime, stime, and both again of children that were waited for
        return Members().Sum(pid => Seconds(pid, withEndedChildren));
    }

    /// <summary>CPU-seconds of the root process alone.</summary>
    public double OwnCpuSeconds()
    {
        const int own = 2;
        return Seconds(root, own);
    }

    /// <summary>Resident and anonymous bytes of the root process.</summary>
    public (long Resident, long Anonymous) Memory()
    {
        long resident = 0, anonymous = 0;
        foreach (var line in File.ReadLines($"/proc/{root}/smaps_rollup"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                resident = Bytes(line);
            }
            else if (line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                anonymous = Bytes(line);
            }
        }

        return (resident, anonymous);

        static long Bytes(string line) =>
            long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The process and its descendants, now.</summary>
    public IReadOnlyCollection<int> Members()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Fields(pid) is { } fields)
            {
                parents[pid] = int.Parse(fields[ParentField], CultureInfo.InvariantCulture);
            }
        }

        var members = new HashSet<int> { root };
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (pid, parent) in parents)
            {
                grown |= members.Contains(parent) && members.Add(pid);
            }
        }

        return members;
    }

    /// <summary>The process that started another one; null when that is gone.</summary>
    public static int? ParentOf(int pid) => Fields(pid) is { } fields ? int.Parse(fields[ParentField], CultureInfo.InvariantCulture) : null;

    private static double Seconds(int pid, int fieldCount) =>
        Fields(pid) is { } fields
            ? fields.Skip(UserTimeField).Take(fieldCount).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond
            : 0;

    /// <summary>The fields of /proc/&lt;pid&gt;/stat after the name (which may hold spaces); null when the process is gone.</summary>
    private static string[]? Fields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
