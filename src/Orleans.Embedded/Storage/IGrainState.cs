namespace Orleans;

/// <summary>What a storage reads into and writes from.</summary>
public interface IGrainState<T>
{
    /// <summary>The content.</summary>
    T? State { get; set; }

    /// <summary>The version the content is based on.</summary>
    string? ETag { get; set; }

    /// <summary>Whether the record exists in storage.</summary>
    bool RecordExists { get; set; }
}

/// <summary>A record in memory.</summary>
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>Without content.</summary>
    public GrainState()
    {
    }

    /// <summary>With content that was never stored.</summary>
    public GrainState(T? state)
        : this(state, null)
    {
    }

    /// <summary>With content and its version.</summary>
    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc/>
    public T? State { get; set; }

    /// <inheritdoc/>
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public bool RecordExists { get; set; }
}
