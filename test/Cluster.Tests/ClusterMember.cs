using System.Diagnostics;
using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>A process that ended though nobody had ended it.</summary>
internal sealed record UnexpectedEnd(string Name, int ExitCode, string Errors);

/// <summary>
/// One place in the cluster, a silo's or a gateway's: its ports and its log stay while processes come and go. Like a service
/// manager it starts a new one when one ends by itself.
/// </summary>
internal sealed class ClusterMember(ProgramStart start, Uri address) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<UnexpectedEnd> _unexpected = [];
    private ProgramProcess? _process;
    private double _cpuSecondsOfEnded;
    private bool _wanted;
    private TaskCompletionSource _restarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Name => start.Name;

    internal string Log => start.Log;

    /// <summary>Where it answers HTTP.</summary>
    internal Uri Address => address;

    internal int ProcessId => Running.Id;

    /// <summary>A silo's ports, for other silos and for gateways.</summary>
    internal IEnumerable<int> Ports =>
        [int.Parse(start.Settings["Silo:Port"], CultureInfo.InvariantCulture), int.Parse(start.Settings["Silo:GatewayPort"], CultureInfo.InvariantCulture)];

    /// <summary>Processes that ended though nobody had ended them.</summary>
    internal IReadOnlyList<UnexpectedEnd> UnexpectedEnds
    {
        get
        {
            lock (_lock)
            {
                return [.. _unexpected];
            }
        }
    }

    /// <summary>Ends when a process that ended by itself has been replaced by one that serves.</summary>
    internal Task ReplacedAsync()
    {
        lock (_lock)
        {
            return _restarted.Task;
        }
    }

    private ProgramProcess Running => _process ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary>What all its processes together have used.</summary>
    internal double CpuSeconds => _cpuSecondsOfEnded + (_process is { Ended.IsCompleted: false } running ? new ProcessTree(running.Id).OwnCpuSeconds() : 0);

    internal async Task StartAsync()
    {
        var process = ProgramProcess.Launch(start);
        lock (_lock)
        {
            (_process, _wanted) = (process, true);
        }

        _ = WatchAsync(process);
        await process.ReadyAsync();
    }

    /// <summary>kill -9.</summary>
    internal async Task KillAsync()
    {
        var process = Unwanted();
        await process.KillAsync();
        await process.DisposeAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>How it ended.</returns>
    internal async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var process = Unwanted();
        var began = Stopwatch.GetTimestamp();
        await process.TerminateAsync();
        var result = (process.ExitCode, Stopwatch.GetElapsedTime(began));
        await process.DisposeAsync();
        return result;
    }

    internal Task FreezeAsync() => Running.FreezeAsync();

    internal Task ThawAsync() => Running.ThawAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Unwanted().DisposeAsync();
        }
    }

    private ProgramProcess Unwanted()
    {
        lock (_lock)
        {
            var process = Running;
            _cpuSecondsOfEnded += process.Ended.IsCompleted ? 0 : new ProcessTree(process.Id).OwnCpuSeconds();
            (_process, _wanted) = (null, false);
            return process;
        }
    }

    private async Task WatchAsync(ProgramProcess process)
    {
        await process.Ended;
        lock (_lock)
        {
            if (!_wanted || _process != process)
            {
                return;
            }

            _process = null;
        }

        var end = new UnexpectedEnd(Name, process.ExitCode, await process.Errors);
        await process.DisposeAsync();
        lock (_lock)
        {
            _unexpected.Add(end);
        }

        try
        {
            await StartAsync();
        }
        catch (InvalidOperationException)
        {
            return; // It ended again, and is started again.
        }

        lock (_lock)
        {
            _restarted.TrySetResult();
            _restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
