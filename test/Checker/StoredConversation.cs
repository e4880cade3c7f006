namespace OrleansChat.Checker;

/// <summary>A conversation as the database has it after a run, read straight from its tables.</summary>
public sealed record StoredConversation
{
    /// <summary>Which.</summary>
    public required string Id { get; init; }

    /// <summary>The head row's <c>seq</c>.</summary>
    public required long HeadSeq { get; init; }

    /// <summary>The head row's <c>rev</c>.</summary>
    public required long HeadRev { get; init; }

    /// <summary>Who belongs to it or did.</summary>
    public required IReadOnlyList<StoredMembership> Memberships { get; init; }

    /// <summary>Its current members.</summary>
    public IReadOnlyList<string> Members => [.. Memberships.Where(membership => membership.LeftSeq is null).Select(membership => membership.User)];

    /// <summary>Its messages, as the table has them.</summary>
    public required IReadOnlyList<StoredMessage> Messages { get; init; }

    /// <summary>The <c>rev</c> of every row of the log.</summary>
    public required IReadOnlyList<long> Revs { get; init; }
}

/// <summary>An interval in which somebody belongs to a conversation.</summary>
/// <param name="User">Who.</param>
/// <param name="JoinedSeq">Its first seq; what was said before may be read as well (rule C8).</param>
/// <param name="LeftSeq">The fact that ended it; null while it lasts.</param>
public sealed record StoredMembership(string User, long JoinedSeq, long? LeftSeq);

/// <summary>A row of the table of messages.</summary>
public sealed record StoredMessage
{
    /// <summary>Its place.</summary>
    public required long Seq { get; init; }

    /// <summary>The change that wrote it.</summary>
    public required long Rev { get; init; }

    /// <summary>False for a fact that the system states.</summary>
    public required bool IsText { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>The command's <c>clientId</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>Hash of its text.</summary>
    public required string Hash { get; init; }

    /// <summary>Its time, in milliseconds since 1970.</summary>
    public required long Time { get; init; }
}
