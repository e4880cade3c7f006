using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class DirectoryGrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    public async Task AdmitAsync_NewPerson_IsProvisionedOnceAndTheDirectoryDecidesAfterwards(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var claims = Person("dora", "Dora", Role.Agent);
        (await host.Directory().AdmitAsync(claims, Cancellation)).ShouldBe(Allowed(claims));

        (await host.Directory().AdmitAsync(Person("dora", "Dora the Boss", Role.Owner), Cancellation)).ShouldBe(Allowed(claims));
        await host.RestartAsync();
        (await host.Directory().AdmitAsync(Person("dora", "Dora the Boss", Role.Owner), Cancellation)).ShouldBe(Allowed(claims));
        (await host.Store.Directory.ReadPeopleAsync(host.Tenant, Cancellation)).Count(person => person.UserId == claims.UserId).ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    public async Task AdmitAsync_StoredBesideTheGrain_TheDirectoryDecides(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Length.ShouldBe(1);
        var imported = Person("dora", "Dora", Role.Supervisor);
        var deactivated = Person("emil", "Emil", Role.Agent) with { Active = false };
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [imported, deactivated], Cancellation);

        (await host.Directory().AdmitAsync(Person("dora", "Impostor", Role.Owner), Cancellation)).ShouldBe(Allowed(imported));
        (await host.Directory().AdmitAsync(Person("emil", "Emil", Role.Agent), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task AdmitAsync_TheSamePersonAtOnce_IsOnePerson()
    {
        await using var host = await ChatHost.StartAsync();

        var admitted = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            host.Directory().AdmitAsync(Person("dora", $"Dora {number}", Role.Agent), Cancellation)));

        admitted.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task FindAsync_SomebodyNewlyAdmitted_FindsThem()
    {
        await using var host = await ChatHost.StartAsync();
        (await host.Directory().FindAsync("dor", 20, Cancellation)).ShouldBeEmpty();
        await host.Directory().AdmitAsync(Person("dora", "Dóra", Role.Agent), Cancellation);

        (await host.Directory().FindAsync("dor", 20, Cancellation)).Select(person => person.UserId.Value).ShouldBe(["dora"]);
        (await host.Directory().FindAsync("", 2, Cancellation)).Select(person => person.Name).ShouldBe(["Ann Archer", "Bob Baker"]);
    }

    [Fact]
    public async Task PeopleAsync_KnownAndUnknown_GivesTheKnown()
    {
        await using var host = await ChatHost.StartAsync();

        (await host.Directory().PeopleAsync([host.Bob.Id, UserId.Of("nobody"), host.Ann.Id], Cancellation))
            .Select(person => person.UserId.Value).ShouldBe(["bob", "ann"]);
    }

    private static Person Person(string id, string name, Role role) => new() { UserId = UserId.Of(id), Name = name, Role = role };

    /// <summary>As the directory answers.</summary>
    private static Person Allowed(Person person) => person with { Permissions = RolePermissions.Default(person.Role) };
}
