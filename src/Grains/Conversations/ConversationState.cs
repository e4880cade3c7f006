using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

/// <summary>What an activation believes about its conversation; only a successful append proves it.</summary>
internal sealed record ConversationState
{
    /// <summary>The counters after the last append that is known.</summary>
    public required Head Head { get; init; }

    /// <summary>What it is.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name.</summary>
    public string? Title { get; init; }

    /// <summary>The rev of the last membership change.</summary>
    public required long MembersRev { get; init; }

    /// <summary>Who belongs to it.</summary>
    public required ImmutableHashSet<UserId> Members { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last message that counts for the chat list; 0 for none.</summary>
    public long LastMessageSeq { get; init; }

    internal static ConversationState Of(StoredConversation stored) => new()
    {
        Head = stored.Head,
        Kind = stored.Kind,
        Title = stored.Title,
        MembersRev = stored.MembersRev,
        Members = [.. stored.Members],
        CreatedAt = stored.CreatedAt,
        LastMessageSeq = stored.LastMessageSeq,
    };
}
