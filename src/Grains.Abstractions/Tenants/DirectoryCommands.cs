using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>A policy to put in force.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetPolicy")]
public sealed record SetPolicy
{
    /// <summary>Whose act the audit states: a service of the helpdesk.</summary>
    [Id(0)]
    public required UserId Actor { get; init; }

    /// <summary>The whole policy; its version counts for nothing.</summary>
    [Id(1)]
    public required TenantPolicy Policy { get; init; }

    /// <summary>The version that this policy replaces; null: whichever is in force.</summary>
    [Id(2)]
    public long? ExpectedVersion { get; init; }
}

/// <summary>Why a policy was not put in force.</summary>
[GenerateSerializer, Alias("chat.SetPolicyRefusal")]
public enum SetPolicyRefusal
{
    /// <summary>Another one than the expected is in force.</summary>
    VersionMoved = 1,

    /// <summary>A value is out of its bounds.</summary>
    Invalid = 2,
}

/// <summary>The answer to <see cref="SetPolicy"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetPolicyResult")]
public sealed record SetPolicyResult
{
    /// <summary>Null when the policy is in force.</summary>
    [Id(0)]
    public SetPolicyRefusal? Refusal { get; init; }

    /// <summary>What is in force now.</summary>
    [Id(1)]
    public required TenantPolicy Policy { get; init; }
}

/// <summary>People to make known or to change: all of them or none.</summary>
[GenerateSerializer, Immutable, Alias("chat.PutPeople")]
public sealed record PutPeople
{
    /// <summary>Most people of one command.</summary>
    public const int PeopleMax = 1_000;

    /// <summary>Whose act the audit states: a service of the helpdesk.</summary>
    [Id(0)]
    public required UserId Actor { get; init; }

    /// <summary>Each person once, as they are to be from now on; at most <see cref="PeopleMax"/>.</summary>
    [Id(1)]
    public required ImmutableArray<Person> People { get; init; }
}

/// <summary>Why people were not put.</summary>
[GenerateSerializer, Alias("chat.PutPeopleRefusal")]
public enum PutPeopleRefusal
{
    /// <summary>Somebody is named twice, a name or a role is none, or they are too many.</summary>
    Invalid = 1,
}

/// <summary>The answer to <see cref="PutPeople"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.PutPeopleResult")]
public sealed record PutPeopleResult
{
    /// <summary>Null when everybody is as the command says.</summary>
    [Id(0)]
    public PutPeopleRefusal? Refusal { get; init; }

    /// <summary>How many were new.</summary>
    [Id(1)]
    public int Added { get; init; }

    /// <summary>How many were known and are different now.</summary>
    [Id(2)]
    public int Changed { get; init; }
}

/// <summary>A page of everybody in the directory, in order of ids.</summary>
[GenerateSerializer, Immutable, Alias("chat.PeoplePage")]
public sealed record PeoplePage
{
    /// <summary>False when there is no such tenant yet.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>The page.</summary>
    [Id(1)]
    public ImmutableArray<Person> People { get; init; } = [];

    /// <summary>True when there are others after the last one.</summary>
    [Id(2)]
    public bool More { get; init; }
}

/// <summary>What the directory says of people, as of which versions.</summary>
[GenerateSerializer, Immutable, Alias("chat.DirectoryView")]
public sealed record DirectoryView
{
    /// <summary>What the answer includes.</summary>
    [Id(0)]
    public required TenantVersions Versions { get; init; }

    /// <summary>Those of the asked people who are known, active or not.</summary>
    [Id(1)]
    public required ImmutableArray<Person> People { get; init; }
}
