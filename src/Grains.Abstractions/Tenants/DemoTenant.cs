using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>The people that a first run in Development finds.</summary>
public static class DemoTenant
{
    /// <summary>The tenant.</summary>
    public static readonly TenantId Id = TenantId.Of("demo");

    /// <summary>Title of the group that all of them are in.</summary>
    public const string GroupTitle = "Support team";

    /// <summary>Fixed, like <see cref="GroupCommand"/>, so that every start means the same group.</summary>
    public static readonly ConversationId Group = ConversationId.Of(new Guid("5eed0000-0000-8000-8000-000000000001"));

    /// <summary>The command that creates it.</summary>
    public static readonly Guid GroupCommand = new("5eed0000-0000-8000-8000-000000000002");

    /// <summary>The people, the creator of the group first.</summary>
    public static readonly ImmutableArray<Person> People =
    [
        Create("ann", "Ann Bauer", Role.Agent),
        Create("bob", "Bob Castillo", Role.Agent),
        Create("chidi", "Chidi Okafor", Role.Agent),
        Create("dana", "Dana Nováková", Role.Supervisor),
        Create("emre", "Emre Yıldız", Role.Agent),
        Create("fatima", "Fatima El-Sayed", Role.Admin),
        Create("gwen", "Gwen O'Neill", Role.Owner),
    ];

    private static Person Create(string id, string name, Role role) => new() { UserId = UserId.Of(id), Name = name, Role = role };
}
