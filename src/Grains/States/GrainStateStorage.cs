using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace OrleansChat.Grains.States;

/// <summary>
/// Grain storage in the chat's own store, for engines without a database of their own. The content is JSON; the names of a
/// state's members are therefore for ever.
/// </summary>
internal sealed class GrainStateStorage(IGrainStateStore store) : IGrainStorage
{
    /// <summary>The name of the storage, whatever keeps it.</summary>
    public const string Name = "grain-states";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (await store.ReadAsync(stateName, grainId.ToString(), CancellationToken.None) is { } stored)
        {
            grainState.State = JsonSerializer.Deserialize<T>(stored.Content)!;
            grainState.ETag = Text(stored.Version);
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var version = await store.WriteAsync(
            stateName, grainId.ToString(), JsonSerializer.Serialize(grainState.State), Version(grainState.ETag), CancellationToken.None)
            ?? throw Conflict(stateName, grainId, grainState.ETag);
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var done = Version(grainState.ETag) is { } version
            ? await store.RemoveAsync(stateName, grainId.ToString(), version, CancellationToken.None)
            : await store.ReadAsync(stateName, grainId.ToString(), CancellationToken.None) is null;
        if (!done)
        {
            throw Conflict(stateName, grainId, grainState.ETag);
        }

        Reset(grainState);
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long? Version(string? etag) => etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? etag) =>
        new($"The state {stateName} of {grainId} was changed by someone else.", "another", etag);
}
