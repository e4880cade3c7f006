namespace Orleans.Streams;

/// <summary>The place of an event in its stream.</summary>
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
{
    /// <summary>Rises with every publication.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The place within one publication of several events.</summary>
    public abstract int EventIndex { get; protected set; }

    /// <inheritdoc/>
    public abstract bool Equals(StreamSequenceToken? other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    /// <inheritdoc/>
    public abstract int CompareTo(StreamSequenceToken? other);
}
