namespace OrleansChat.Inbox;

/// <summary>
/// What the server says about one person's unread messages in one conversation, from one statement. Contiguous changes
/// above <see cref="Rev"/> move it by <c>UnreadRules</c>; of two, the higher <see cref="ReadVersion"/> wins whatever its
/// rev, and at equal ones the higher rev (rules U3, U4).
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.UnreadBasis")]
public sealed record UnreadBasis
{
    /// <summary>The highest seq that the person has really seen.</summary>
    [Id(0)]
    public required long ReadSeq { get; init; }

    /// <summary>Messages above it that count for the person.</summary>
    [Id(1)]
    public required long Unread { get; init; }

    /// <summary>The ones among them that mention the person; in a direct conversation all of them.</summary>
    [Id(2)]
    public required long Mentions { get; init; }

    /// <summary>The conversation's rev that the counts are of.</summary>
    [Id(3)]
    public required long Rev { get; init; }

    /// <summary>Rises with every change of the person's own row: cursor, level, mute, membership.</summary>
    [Id(4)]
    public required long ReadVersion { get; init; }

    /// <summary>Wide mentions posted from here on until <see cref="MutedUntil"/> do not count (rule U2); null when nothing was muted.</summary>
    [Id(5)]
    public DateTimeOffset? MutedFrom { get; init; }

    /// <summary>Where the mute ends; null while its end is open.</summary>
    [Id(6)]
    public DateTimeOffset? MutedUntil { get; init; }
}
