namespace Orleans.Runtime;

/// <summary>The name of a stream: a namespace, which says what kind of events it carries, and a key.</summary>
public readonly struct StreamId : IEquatable<StreamId>
{
    private readonly string? _namespace;
    private readonly string? _key;

    private StreamId(string? ns, string key)
    {
        _namespace = ns;
        _key = key;
    }

    /// <summary>The stream of this namespace and key.</summary>
    /// <param name="ns">The namespace, may be null.</param>
    /// <param name="key">The key, not empty.</param>
    public static StreamId Create(string? ns, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new(string.IsNullOrEmpty(ns) ? null : ns, key);
    }

    /// <summary>The key.</summary>
    public string GetKeyAsString() => _key ?? string.Empty;

    /// <summary>The namespace, or null.</summary>
    public string? GetNamespace() => _namespace;

    /// <inheritdoc/>
    public bool Equals(StreamId other) =>
        string.Equals(_key, other._key, StringComparison.Ordinal) && string.Equals(_namespace, other._namespace, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_namespace, _key);

    /// <summary><c>namespace/key</c></summary>
    public override string ToString() => $"{_namespace ?? "null"}/{_key}";

    /// <summary>Whether both name the same stream.</summary>
    public static bool operator ==(StreamId s1, StreamId s2) => s1.Equals(s2);

    /// <summary>Whether they name different streams.</summary>
    public static bool operator !=(StreamId s1, StreamId s2) => !s1.Equals(s2);
}
