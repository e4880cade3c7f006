using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansChat.Checker;

/// <summary>The history of a run while it is made: in memory, and as JSON lines in a file for whoever has to find out why.</summary>
public sealed class History : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<HistoryEntry> _entries = [];
    private readonly StreamWriter _file;
    private readonly List<(Func<HistoryEntry, bool> Matches, TaskCompletionSource<HistoryEntry> Found)> _waiting = [];

    /// <summary>A new, empty history.</summary>
    public History(string path)
    {
        Path = path;
        _file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The time of entries, in microseconds.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_began).TotalMicroseconds;

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<HistoryEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>The hash by which texts are compared.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    /// <summary>Adds an entry and gives it its time: of what is sent before it is sent, of what came after it came.</summary>
    public void Add(HistoryEntry entry)
    {
        lock (_lock)
        {
            var timed = entry with { T = Now };
            _entries.Add(timed);
            _file.WriteLine(JsonSerializer.Serialize(timed, Json));
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Matches(timed))
                {
                    _waiting[i].Found.TrySetResult(timed);
                    _waiting.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>The first entry from now on that matches. <paramref name="matches"/> may count.</summary>
    public Task<HistoryEntry> NextAsync(Func<HistoryEntry, bool> matches)
    {
        var found = new TaskCompletionSource<HistoryEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((matches, found));
        }

        return found.Task;
    }

    /// <summary>What a file holds.</summary>
    public static IReadOnlyList<HistoryEntry> Read(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<HistoryEntry>(line, Json)!)];

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }
}
