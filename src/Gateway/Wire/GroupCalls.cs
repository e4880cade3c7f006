using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

internal sealed record CreateGroupRequest
{
    public Guid? ClientId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Title { get; init; }

    public IReadOnlyList<string?>? Members { get; init; }
}

internal sealed record CreateGroupAnswer : Answer
{
    public required string ConversationId { get; init; }

    public required WireHead Head { get; init; }
}

internal sealed record AddMembersRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    public IReadOnlyList<string?>? Members { get; init; }
}

internal sealed record RemoveMemberRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    public string? Member { get; init; }
}

internal sealed record LeaveRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }
}

internal sealed record RenameRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Title { get; init; }
}

internal sealed record MembersRequest
{
    public string? ConversationId { get; init; }

    public string? After { get; init; }

    public int? Limit { get; init; }
}

internal sealed record MembersAnswer : Answer
{
    public required IReadOnlyList<WireMember> Members { get; init; }

    public required int Count { get; init; }

    public string? Next { get; init; }
}

internal sealed record PeopleRequest
{
    public IReadOnlyList<string?>? Users { get; init; }
}

internal sealed record PeopleAnswer : Answer
{
    public required IReadOnlyList<WireMember> People { get; init; }
}

internal sealed record WireMember
{
    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required bool Active { get; init; }
}
