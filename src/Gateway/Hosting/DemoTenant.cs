using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Hosting;

/// <summary>The people that a first run in Development finds.</summary>
internal static class DemoTenant
{
    internal static readonly TenantId Id = TenantId.Of("demo");

    internal const string GroupTitle = "Support team";

    internal static readonly ImmutableArray<Person> People =
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
