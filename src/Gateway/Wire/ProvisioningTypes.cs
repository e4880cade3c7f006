using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>The body of <c>PUT /api/provisioning/tenant</c>: the whole policy; what is missing is the default.</summary>
internal sealed record PolicyRequest
{
    /// <summary>The version that this policy replaces; missing: whichever is in force.</summary>
    public long? Version { get; init; }

    public PolicyPermissions? Permissions { get; init; }

    public bool? ProvisionUnknown { get; init; }

    public long? EditWindowSeconds { get; init; }

    public bool? ShowVersions { get; init; }

    public int? RetentionDays { get; init; }

    /// <summary>Origins of pages that may show the chat as a panel.</summary>
    public IReadOnlyList<string?>? FrameOrigins { get; init; }
}

/// <summary>What the roles may do, by the names of permissions; a role that is missing has its default.</summary>
internal sealed record PolicyPermissions
{
    public IReadOnlyList<string?>? Agent { get; init; }

    public IReadOnlyList<string?>? Supervisor { get; init; }

    public IReadOnlyList<string?>? Admin { get; init; }

    public IReadOnlyList<string?>? Owner { get; init; }
}

/// <summary>A tenant's policy in force, with every role's permissions.</summary>
internal sealed record PolicyAnswer
{
    public required string Tenant { get; init; }

    public required long Version { get; init; }

    public required PolicyPermissions Permissions { get; init; }

    public required bool ProvisionUnknown { get; init; }

    public long? EditWindowSeconds { get; init; }

    public required bool ShowVersions { get; init; }

    public int? RetentionDays { get; init; }

    public required IReadOnlyList<string> FrameOrigins { get; init; }
}

/// <summary>The body of <c>PUT /api/provisioning/people</c>.</summary>
internal sealed record PutPeopleRequest
{
    public IReadOnlyList<PutPerson?>? People { get; init; }
}

/// <summary>Somebody as they are to be from now on.</summary>
internal sealed record PutPerson
{
    [JsonConverter(typeof(TextAsSent))]
    public string? UserId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Name { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Role { get; init; }

    /// <summary>Missing: true.</summary>
    public bool? Active { get; init; }
}

/// <summary>The answer to <c>PUT /api/provisioning/people</c>.</summary>
internal sealed record PutPeopleAnswer
{
    public required int Added { get; init; }

    public required int Changed { get; init; }
}

/// <summary>The answer to <c>GET /api/provisioning/people</c>.</summary>
internal sealed record PeoplePageAnswer
{
    public required IReadOnlyList<DirectoryPerson> People { get; init; }

    /// <summary>Continues the list, as <c>after</c>; missing at its end.</summary>
    public string? Next { get; init; }
}

/// <summary>Somebody as the directory has them.</summary>
internal sealed record DirectoryPerson
{
    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required bool Active { get; init; }
}

/// <summary>The body of an HTTP refusal that has a reason.</summary>
internal sealed record HttpRefusal
{
    public required HttpError Error { get; init; }
}

/// <summary>Why an HTTP request was refused.</summary>
internal sealed record HttpError
{
    /// <summary><c>invalidRequest</c>, <c>notFound</c> or <c>versionMoved</c>.</summary>
    public required string Code { get; init; }

    /// <summary>For developers, in English.</summary>
    public required string Message { get; init; }

    /// <summary>Which entry of a list, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>Which field.</summary>
    public string? Field { get; init; }
}
