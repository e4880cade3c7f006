using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

internal sealed record EditRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    public long? Seq { get; init; }

    public int? Version { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public bool? WideConfirmed { get; init; }
}

internal sealed record EditAnswer : Answer
{
    public required long Rev { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Duplicate { get; init; }

    public IReadOnlyList<string>? NotMembers { get; init; }
}

internal sealed record DeleteRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record ReactRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    public long? Seq { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Emoji { get; init; }

    public bool? Add { get; init; }
}

/// <summary>What a change that is no post caused.</summary>
internal sealed record ChangeAnswer : Answer
{
    public required long Rev { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Duplicate { get; init; }
}

internal sealed record VersionsRequest
{
    public string? ConversationId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record VersionsAnswer : Answer
{
    public required IReadOnlyList<WireVersion> Versions { get; init; }
}
