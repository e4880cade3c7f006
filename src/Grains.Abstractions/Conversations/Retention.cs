using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Conversations;

/// <summary>How long a conversation is to be kept.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetRetention")]
public sealed record SetRetention
{
    /// <summary>Who decides; needs <see cref="ChatPermissions.Retention"/>, and need not be a member.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>All that is to hold from now on.</summary>
    [Id(1)]
    public required ConversationRetention Retention { get; init; }
}

/// <summary>Why it was not decided.</summary>
[GenerateSerializer, Alias("chat.SetRetentionRefusal")]
public enum SetRetentionRefusal
{
    /// <summary>No such conversation, or the caller may not.</summary>
    NotFound = 1,

    /// <summary>The days are out of bounds.</summary>
    Invalid = 2,

    /// <summary>The store cannot answer; repeat.</summary>
    Unavailable = 3,
}

/// <summary>The answer to <see cref="SetRetention"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetRetentionResult")]
public sealed record SetRetentionResult
{
    /// <summary>Null when it holds.</summary>
    [Id(0)]
    public SetRetentionRefusal? Refusal { get; init; }
}

/// <summary>What a purge did.</summary>
[GenerateSerializer, Immutable, Alias("chat.PurgeResult")]
public sealed record PurgeResult
{
    /// <summary>How many messages went.</summary>
    [Id(0)]
    public int Messages { get; init; }

    /// <summary>True when there may be others: call again.</summary>
    [Id(1)]
    public bool More { get; init; }
}
