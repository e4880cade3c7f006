using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.Storage;

/// <summary>One record of one activation, kept in a storage.</summary>
internal sealed class PersistentState<TState>(Activation activation, string stateName, IGrainStorage storage) : IPersistentState<TState>
{
    private readonly GrainState<TState> _record = new(Activator.CreateInstance<TState>());

    public TState State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task ReadStateAsync() => storage.ReadStateAsync(stateName, activation.GrainId, _record);

    public Task WriteStateAsync() => storage.WriteStateAsync(stateName, activation.GrainId, _record);

    public Task ClearStateAsync() => storage.ClearStateAsync(stateName, activation.GrainId, _record);
}
