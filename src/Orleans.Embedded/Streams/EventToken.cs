using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>The place of an event among those its stream had since it last got a first subscriber.</summary>
internal sealed class EventToken(long sequenceNumber, int eventIndex) : StreamSequenceToken
{
    public override long SequenceNumber { get; protected set; } = sequenceNumber;

    public override int EventIndex { get; protected set; } = eventIndex;

    public override bool Equals(StreamSequenceToken? other) => other is not null && CompareTo(other) == 0;

    public override int CompareTo(StreamSequenceToken? other)
    {
        if (other is null)
            return 1;
        var bySequence = SequenceNumber.CompareTo(other.SequenceNumber);
        return bySequence != 0 ? bySequence : EventIndex.CompareTo(other.EventIndex);
    }

    public override string ToString() => $"{SequenceNumber}.{EventIndex}";
}
