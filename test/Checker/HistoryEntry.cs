using System.Text.Json.Serialization;

namespace OrleansChat.Checker;

/// <summary>What an entry of a history is about.</summary>
public enum Operation
{
    /// <summary>A client's command to post a message; every attempt has its own entries.</summary>
    Post,

    /// <summary>An event as it came, before the client compares it with what it has.</summary>
    Push,

    /// <summary>A message that a client took into what it shows, in the order shown.</summary>
    Apply,

    /// <summary>A message in a client's last reading of a whole conversation.</summary>
    Read,

    /// <summary>Somebody (<see cref="HistoryEntry.Author"/>) is made a member.</summary>
    Add,
}

/// <summary>How far an operation is.</summary>
public enum Phase
{
    /// <summary>About to be sent.</summary>
    Invoke,

    /// <summary>Answered: done.</summary>
    Ok,

    /// <summary>Answered: refused for good.</summary>
    Fail,

    /// <summary>Whether it was done is unknown.</summary>
    Info,
}

/// <summary>One line of a run's history.</summary>
public sealed record HistoryEntry
{
    /// <summary>Microseconds since the run began, on the one monotonic clock of the run; entries are in this order.</summary>
    public long T { get; init; }

    /// <summary>Which client; a person can have several.</summary>
    public required string Client { get; init; }

    /// <summary>Whose client.</summary>
    public required string User { get; init; }

    /// <summary>What it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Operation Op { get; init; }

    /// <summary>How far it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Phase Phase { get; init; }

    /// <summary>Where.</summary>
    public required string Conversation { get; init; }

    /// <summary>The command's <c>clientId</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>Hash of the text.</summary>
    public string? Hash { get; init; }

    /// <summary>Who wrote the message.</summary>
    public string? Author { get; init; }

    /// <summary>The message's place.</summary>
    public long Seq { get; init; }

    /// <summary>The change's number.</summary>
    public long Rev { get; init; }

    /// <summary>The message's time, in milliseconds since 1970.</summary>
    public long Time { get; init; }

    /// <summary>An error code or what else helps to read the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}
