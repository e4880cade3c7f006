using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>The answer to <c>GET /api/audit</c>.</summary>
internal sealed record AuditPageAnswer
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<AuditEntryAnswer> Entries { get; init; }

    /// <summary>Continues the list, as <c>before</c>; missing at its end.</summary>
    public Guid? Next { get; init; }
}

/// <summary>Who did what.</summary>
internal sealed record AuditEntryAnswer
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ActorId { get; init; }

    public required string Action { get; init; }

    public string? ConversationId { get; init; }

    public required JsonElement Details { get; init; }
}

/// <summary>The body of <c>POST /api/audit/readings</c>.</summary>
internal sealed record OpenReadingRequest
{
    [JsonConverter(typeof(TextAsSent))]
    public string? ConversationId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Reason { get; init; }

    public int? Minutes { get; init; }
}

/// <summary>The answer to <c>POST /api/audit/readings</c>.</summary>
internal sealed record OpenReadingAnswer
{
    public required Guid Id { get; init; }

    public required DateTimeOffset Until { get; init; }
}

/// <summary>The answer to <c>GET /api/audit/readings/{id}/messages</c>.</summary>
internal sealed record ReadingPageAnswer
{
    /// <summary>Messages, their former texts, and changes, in order; like the lines of an export.</summary>
    public required IReadOnlyList<JsonElement> Entries { get; init; }

    /// <summary>Continues, as <c>after</c>; missing at the end.</summary>
    public string? Next { get; init; }
}
