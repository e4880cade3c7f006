using OrleansChat.Conversations;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>Compares messages by what they say; a fact's list of people is one by its content.</summary>
internal sealed class MessageContent : IEqualityComparer<Message?>
{
    public bool Equals(Message? x, Message? y) =>
        x is null || y is null
            ? x == y
            : x with { Fact = null } == y with { Fact = null }
                && x.Fact?.Kind == y.Fact?.Kind
                && x.Fact?.After == y.Fact?.After
                && (x.Fact?.Targets ?? []).SequenceEqual(y.Fact?.Targets ?? []);

    public int GetHashCode(Message? obj) => obj?.Seq.GetHashCode() ?? 0;
}
