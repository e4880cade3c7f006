namespace Orleans.Core;

/// <summary>One stored record of a grain, without its content.</summary>
public interface IStorage
{
    /// <summary>The version that memory holds, or null if nothing was read or written yet.</summary>
    string? Etag { get; }

    /// <summary>Whether the record exists in storage, as far as memory knows.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes the record and resets memory.</summary>
    /// <exception cref="Storage.InconsistentStateException">Storage has another version.</exception>
    Task ClearStateAsync();

    /// <summary>Stores what memory holds.</summary>
    /// <exception cref="Storage.InconsistentStateException">Storage has another version.</exception>
    Task WriteStateAsync();

    /// <summary>Replaces what memory holds by what is stored.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>One stored record of a grain and its content.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The content in memory.</summary>
    TState State { get; set; }
}
