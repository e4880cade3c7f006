using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>What a tenant's retention would do (key: <see cref="TenantKey"/>). For callers with <see cref="ChatPermissions.Retention"/>.</summary>
[Alias("chat.IRetentionGrain")]
public interface IRetentionGrain : IGrainWithStringKey
{
    /// <summary>Conversations in order of their ids that would lose messages now, and how many.</summary>
    /// <param name="caller">Who asks; for others there is nothing.</param>
    /// <param name="after">The page begins behind this conversation; null: with the first.</param>
    /// <param name="limit">At most so many conversations are looked at, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    [AlwaysInterleave]
    [Alias("PreviewAsync")]
    Task<RetentionPreview> PreviewAsync(Caller caller, ConversationId? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A part of what would go.</summary>
[GenerateSerializer, Immutable, Alias("chat.RetentionPreview")]
public sealed record RetentionPreview
{
    /// <summary>Those that would lose something.</summary>
    [Id(0)]
    public ImmutableArray<ExpiringConversation> Conversations { get; init; } = [];

    /// <summary>Where the next part begins; null at the end.</summary>
    [Id(1)]
    public ConversationId? Next { get; init; }
}

/// <summary>A conversation that would lose messages.</summary>
[GenerateSerializer, Immutable, Alias("chat.ExpiringConversation")]
public sealed record ExpiringConversation
{
    /// <summary>Which.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>How many days its messages are kept.</summary>
    [Id(1)]
    public required int Days { get; init; }

    /// <summary>How many messages would go.</summary>
    [Id(2)]
    public required long Messages { get; init; }
}
