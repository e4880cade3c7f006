using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.Storage;

/// <summary>
/// Keeps records in memory as long as the host lives. A record is stored as JSON, so that what was changed in a grain but
/// never written is not found again, as it would not be in a database.
/// </summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), Record> _records = new();
    private long _versions;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var record))
        {
            grainState.State = JsonSerializer.Deserialize<T>(record.Json);
            grainState.ETag = record.Etag;
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var written = new Record(
            JsonSerializer.SerializeToUtf8Bytes(grainState.State), Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture));
        var done = grainState.ETag is null
            ? _records.TryAdd(key, written)
            : _records.TryGetValue(key, out var stored) && stored.Etag == grainState.ETag && _records.TryUpdate(key, written, stored);
        if (!done)
            throw Conflict(key, grainState.ETag);
        grainState.ETag = written.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var done = _records.TryGetValue(key, out var stored)
            ? stored.Etag == grainState.ETag && _records.TryRemove(new(key, stored))
            : grainState.ETag is null;
        if (!done)
            throw Conflict(key, grainState.ETag);
        Reset(grainState);
        return Task.CompletedTask;
    }

    private InconsistentStateException Conflict((string StateName, GrainId GrainId) key, string? currentEtag)
    {
        var storedEtag = _records.TryGetValue(key, out var stored) ? stored.Etag : null;
        return new($"The record {key.StateName} of {key.GrainId} was changed by someone else.", storedEtag, currentEtag);
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private sealed record Record(byte[] Json, string Etag);
}
