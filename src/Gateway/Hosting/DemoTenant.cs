using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Hosting;

/// <summary>The people that a first run in Development finds.</summary>
internal static class DemoTenant
{
    internal static readonly TenantId Id = TenantId.Of("demo");

    internal const string GroupTitle = "Support team";

    /// <summary>Fixed, like <see cref="GroupCommand"/>, so that every start means the same group.</summary>
    internal static readonly ConversationId Group = ConversationId.Of(new Guid("5eed0000-0000-8000-8000-000000000001"));

    internal static readonly Guid GroupCommand = new("5eed0000-0000-8000-8000-000000000002");

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

    /// <summary>The store holds no tenant yet, or this one.</summary>
    internal static async Task<bool> MayBeSeededAsync(IDirectoryStore directory, CancellationToken cancellationToken) =>
        !await directory.AnyTenantAsync(cancellationToken) || !(await directory.ReadPeopleAsync(Id, cancellationToken)).IsEmpty;

    /// <summary>Adds those who are missing.</summary>
    /// <returns>How many.</returns>
    internal static Task<int> AddPeopleAsync(IDirectoryStore directory, CancellationToken cancellationToken) =>
        directory.AddPeopleAsync(Id, People, cancellationToken);

    private static Person Create(string id, string name, Role role) => new() { UserId = UserId.Of(id), Name = name, Role = role };
}
