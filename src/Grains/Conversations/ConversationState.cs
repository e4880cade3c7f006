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

    /// <summary>The rev of the last membership change.</summary>
    public required long MembersRev { get; init; }

    /// <summary>Who belongs to it.</summary>
    public required ImmutableHashSet<UserId> Members { get; init; }

    internal static ConversationState Of(StoredConversation stored) =>
        new() { Head = stored.Head, MembersRev = stored.MembersRev, Members = [.. stored.Members] };
}
