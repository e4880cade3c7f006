using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.MessageLog.Writer;

/// <summary>
/// Durable posts per second: into one conversation, 64 posts per append with the next append made as soon as the one
/// before is acknowledged (as a conversation's grain does); and into 1,000 conversations, one post per append each.
/// </summary>
internal static class Benchmark
{
    private const int AppendEntries = 64;
    private const int ManyConversations = 1_000;
    private const string Text = "Could you have a look at the customer's last answer? I think they mean the second invoice.";
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(8);
    private static int _numbers = Random.Shared.Next();

    internal static async Task RunAsync(ChatStore store)
    {
        await Scene.PrepareAsync(store);
        await MeasureAsync(store, "1 conversation, 64 posts per append", conversations: 1, AppendEntries);
        await MeasureAsync(store, "1,000 conversations, 1 post per append", ManyConversations, entries: 1);
    }

    private static async Task MeasureAsync(ChatStore store, string title, int conversations, int entries)
    {
        using var commits = new CommitSizes();
        using var stop = new CancellationTokenSource();
        long posts = 0;
        var writers = Enumerable.Range(0, conversations).Select(_ => Task.Run(async () =>
        {
            var conversation = Scene.Conversation(Interlocked.Increment(ref _numbers));
            Head? head = null;
            while (!stop.IsCancellationRequested)
            {
                head = await AppendAsync(store, conversation, head, entries);
                Interlocked.Add(ref posts, entries);
            }
        })).ToArray();

        await Task.Delay(Warmup);
        var (started, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref posts));
        commits.Reset();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(Measured);
        var (elapsed, after) = (Stopwatch.GetElapsedTime(started), Interlocked.Read(ref posts));
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        var (rowsPerCommit, milliseconds) = commits.Read();
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: {(after - before) / elapsed.TotalSeconds:N0} posts/s, {rowsPerCommit:N1} rows per commit, {milliseconds:N2} ms per commit, own processor {processor / elapsed:P0}"));
    }

    private static async Task<Head> AppendAsync(ChatStore store, ConversationId conversation, Head? head, int entries)
    {
        LogEntry[] posts = [.. Enumerable.Range(0, entries).Select(_ => Scene.Text(Guid.NewGuid(), Text))];
        var result = await store.Log.AppendAsync(Scene.Append(conversation, head, posts), CancellationToken.None);
        return result is AppendResult.Appended appended
            ? appended.Head
            : throw new InvalidOperationException($"The only writer was answered {result.GetType().Name}.");
    }

    private sealed class CommitSizes : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _commits;
        private long _rows;
        private double _seconds;

        internal CommitSizes()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "OrleansChat.MessageLog" && instrument.Name.StartsWith("chat.log.commit", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((_, rows, _, _) =>
            {
                Interlocked.Increment(ref _commits);
                Interlocked.Add(ref _rows, rows);
            });
            _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
            {
                lock (_listener)
                {
                    _seconds += seconds;
                }
            });
            _listener.Start();
        }

        public void Dispose() => _listener.Dispose();

        internal void Reset()
        {
            lock (_listener)
            {
                (_commits, _rows, _seconds) = (0, 0, 0);
            }
        }

        internal (double RowsPerCommit, double Milliseconds) Read()
        {
            lock (_listener)
            {
                return ((double)_rows / _commits, 1000 * _seconds / _commits);
            }
        }
    }
}
