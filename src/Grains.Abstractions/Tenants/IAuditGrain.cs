using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>
/// A tenant's audit (key: <see cref="TenantKey"/>), and readings of conversations that it states (rule R4). For callers with
/// <see cref="ChatPermissions.AuditRead"/>; all others are answered as if there were nothing.
/// </summary>
[Alias("chat.IAuditGrain")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Entries, newest first.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="before">The page begins after this entry; null: with the newest.</param>
    /// <param name="limit">At most so many, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    [AlwaysInterleave]
    [Alias("PageAsync")]
    Task<ImmutableArray<AuditRecord>> PageAsync(Caller caller, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a reading of any conversation of the tenant, stated in the audit before anything is read. Null when there is no
    /// such conversation.
    /// </summary>
    [AlwaysInterleave]
    [Alias("OpenReadingAsync")]
    Task<AuditReading?> OpenReadingAsync(OpenReading command, CancellationToken cancellationToken);

    /// <summary>A part of the conversation, while the reading lasts and for who opened it; null for everybody else.</summary>
    [AlwaysInterleave]
    [Alias("ReadAsync")]
    Task<ArchiveLines?> ReadAsync(Caller caller, Guid reading, ArchivePosition? after, CancellationToken cancellationToken);
}

/// <summary>A conversation to read, and why.</summary>
[GenerateSerializer, Immutable, Alias("chat.OpenReading")]
public sealed record OpenReading
{
    /// <summary>Longest reason, in Unicode scalars.</summary>
    public const int ReasonScalarsMax = 500;

    /// <summary>Longest reading, in minutes.</summary>
    public const int MinutesMax = 60;

    /// <summary>Who reads.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>What.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Why, for the audit.</summary>
    [Id(2)]
    public required string Reason { get; init; }

    /// <summary>For how long, 1 to <see cref="MinutesMax"/>.</summary>
    [Id(3)]
    public required int Minutes { get; init; }
}

/// <summary>A reading that is open.</summary>
[GenerateSerializer, Immutable, Alias("chat.AuditReading")]
public sealed record AuditReading
{
    /// <summary>The audit's entry of it.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>When it ends.</summary>
    [Id(1)]
    public required DateTimeOffset Until { get; init; }
}
