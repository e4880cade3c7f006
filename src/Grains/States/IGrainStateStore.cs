namespace OrleansChat.Grains.States;

/// <summary>
/// State of grains that belongs to one grain alone and can be told anew (preferences), by name and key. Every write names the
/// version it replaces; of two that name the same one, one wins.
/// </summary>
public interface IGrainStateStore
{
    /// <summary>What is stored; null for nothing.</summary>
    Task<StoredGrainState?> ReadAsync(string name, string key, CancellationToken cancellationToken);

    /// <summary>Stores a content in place of a version; null stands for nothing stored.</summary>
    /// <returns>The new version; null when another is stored, and nothing was changed.</returns>
    Task<long?> WriteAsync(string name, string key, string content, long? version, CancellationToken cancellationToken);

    /// <summary>Removes a version.</summary>
    /// <returns>False when another is stored, and nothing was changed.</returns>
    Task<bool> RemoveAsync(string name, string key, long version, CancellationToken cancellationToken);
}

/// <summary>A stored state.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Version">Rises with every write.</param>
public readonly record struct StoredGrainState(string Content, long Version);
