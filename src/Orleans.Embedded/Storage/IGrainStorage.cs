using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps records of grains, registered as a keyed service by its name. Each method checks and sets the version of the record it is given.</summary>
public interface IGrainStorage
{
    /// <summary>Reads the record into <paramref name="grainState"/>; one that does not exist leaves a new content and no version.</summary>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Writes the record if storage still has the version of <paramref name="grainState"/>.</summary>
    /// <exception cref="InconsistentStateException">It has another.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Deletes the record if storage still has the version of <paramref name="grainState"/>.</summary>
    /// <exception cref="InconsistentStateException">It has another.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
