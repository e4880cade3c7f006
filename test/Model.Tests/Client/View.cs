using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Model.Tests.Client;

/// <summary>What one person has of one conversation: its row in the list, its members and its messages.</summary>
internal sealed record View
{
    public required ConversationId Id { get; init; }

    public required ConversationKind Kind { get; init; }

    public required string? Title { get; init; }

    public required UserId? PeerId { get; init; }

    public required string? PeerName { get; init; }

    public required long Rev { get; init; }

    public required long Seq { get; init; }

    public required DateTimeOffset LastActivity { get; init; }

    public required NotificationLevel Level { get; init; }

    public required Message? LastMessage { get; init; }

    public required UnreadBasis Basis { get; init; }

    public required HashSet<UserId> Members { get; init; }

    public required Dictionary<long, Message> Messages { get; init; }

    /// <summary>The same, to be changed on its own.</summary>
    internal View Copy() => this with { Members = [.. Members], Messages = new Dictionary<long, Message>(Messages) };

    /// <summary>
    /// How it differs from what is expected; null when it does not. Read versions are numbers of the store's own: only
    /// their order means something.
    /// </summary>
    internal string? DifferenceFrom(View expected)
    {
        if (Heading(this) is var mine && Heading(expected) is var theirs && mine != theirs)
        {
            return $"expected {theirs}\n     but {mine}";
        }

        if (!Members.SetEquals(expected.Members))
        {
            return $"expected members {string.Join(',', expected.Members)} but {string.Join(',', Members)}";
        }

        foreach (var seq in Messages.Keys.Union(expected.Messages.Keys).Order())
        {
            var (here, there) = (Messages.GetValueOrDefault(seq), expected.Messages.GetValueOrDefault(seq));
            if (!Show.Same(here, there))
            {
                return $"expected message {seq}: {Show.Of(there)}\n     but {Show.Of(here)}";
            }
        }

        return Show.Same(LastMessage, expected.LastMessage) ? null : $"expected last {Show.Of(expected.LastMessage)}\n     but {Show.Of(LastMessage)}";
    }

    private static (ConversationId, ConversationKind, string?, UserId?, string?, long Rev, long Seq, DateTimeOffset, NotificationLevel, UnreadBasis) Heading(View view) =>
        (view.Id, view.Kind, view.Title, view.PeerId, view.PeerName, view.Rev, view.Seq, view.LastActivity, view.Level, view.Basis with { ReadVersion = 0 });
}
