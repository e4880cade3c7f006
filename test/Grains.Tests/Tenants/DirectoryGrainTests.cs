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

    [Theory]
    [EveryStore]
    [Rule("R1")]
    public async Task SetPolicyAsync_PermissionsOfARole_AreInEveryAnswer(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var few = ChatPermissions.Use | ChatPermissions.DirectReply;
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Single().Permissions.ShouldBe(RolePermissions.Default(Role.Agent));

        var set = await host.Directory().SetPolicyAsync(Policy(new TenantPolicy { Version = 77, Agent = few, Owner = 0 }), Cancellation);

        set.ShouldBe(new SetPolicyResult { Policy = new TenantPolicy { Version = 1, Agent = few, Owner = 0 } });
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Single().Permissions.ShouldBe(few);
        (await host.Directory().FindAsync("ann", 1, Cancellation)).Single().Permissions.ShouldBe(few);
        (await host.Directory().AdmitAsync(host.Ann.Record, Cancellation)).ShouldNotBeNull().Permissions.ShouldBe(few);
        (await host.Directory().AdmitAsync(Person("olga", "Olga", Role.Owner), Cancellation)).ShouldNotBeNull().Permissions.ShouldBe((ChatPermissions)0);
        (await host.Directory().AdmitAsync(Person("sam", "Sam", Role.Supervisor), Cancellation)).ShouldNotBeNull().Permissions.ShouldBe(RolePermissions.Default(Role.Supervisor));
        await host.RestartAsync();
        (await host.Directory().PolicyAsync(Cancellation)).ShouldBe(set.Policy);
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Single().Permissions.ShouldBe(few);
    }

    [Theory]
    [EveryStore]
    [Rule("R4")]
    public async Task SetPolicyAsync_AgainAndAgainstTheVersion_ChangesOnceAndSaysWho(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var command = Policy(new TenantPolicy { Version = 0, RetentionDays = 30 }) with { ExpectedVersion = 0 };
        (await host.Directory().SetPolicyAsync(command, Cancellation)).Refusal.ShouldBeNull();

        (await host.Directory().SetPolicyAsync(command, Cancellation)).ShouldBe(new SetPolicyResult { Policy = new TenantPolicy { Version = 1, RetentionDays = 30 } });
        var other = await host.Directory().SetPolicyAsync(command with { Policy = TenantPolicy.Default }, Cancellation);
        other.ShouldBe(new SetPolicyResult { Refusal = SetPolicyRefusal.VersionMoved, Policy = new TenantPolicy { Version = 1, RetentionDays = 30 } });

        var audit = (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation)).ShouldHaveSingleItem();
        (audit.Action, audit.ActorId.Value, audit.At).ShouldBe(("policy.changed", "desk", host.Time.GetUtcNow().AddTicks(-7)));
        var details = System.Text.Json.JsonElement.Parse(audit.Details);
        details.GetProperty("after").GetProperty("retentionDays").GetInt32().ShouldBe(30);
        details.GetProperty("before").GetProperty("retentionDays").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [Rule("R5")]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(TenantPolicyRules.RetentionDaysMax, true)]
    [InlineData(TenantPolicyRules.RetentionDaysMax + 1, false)]
    public async Task SetPolicyAsync_RetentionAtTheEdge_IsTakenOrRefused(int days, bool taken)
    {
        await using var host = await ChatHost.StartAsync();

        var set = await host.Directory().SetPolicyAsync(Policy(TenantPolicy.Default with { RetentionDays = days }), Cancellation);

        set.Refusal.ShouldBe(taken ? null : SetPolicyRefusal.Invalid);
        set.Policy.Version.ShouldBe(taken ? 1 : 0);
    }

    [Fact]
    public async Task AdmitAsync_UnknownPersonWherePolicySaysNo_IsNotAdmittedNorStored()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Directory().SetPolicyAsync(Policy(TenantPolicy.Default with { ProvisionUnknown = false }), Cancellation);

        (await host.Directory().AdmitAsync(Person("dora", "Dora", Role.Agent), Cancellation)).ShouldBeNull();

        (await host.Store.Directory.ReadPeopleAsync(host.Tenant, Cancellation)).Length.ShouldBe(3);
        (await host.Directory().AdmitAsync(host.Ann.Record, Cancellation)).ShouldNotBeNull();
        await host.Directory().PutPeopleAsync(Put(Person("dora", "Dora", Role.Agent)), Cancellation);
        (await host.Directory().AdmitAsync(Person("dora", "Dora", Role.Agent), Cancellation)).ShouldNotBeNull("the helpdesk made her known");
    }

    [Theory]
    [EveryStore]
    [Rule("R4")]
    public async Task PutPeopleAsync_NewChangedAndSame_WritesWhatDiffersOnceWithItsAudit(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var command = Put(
            host.Ann.Record, host.Bob.Record with { Active = false }, host.Cleo.Record with { Role = Role.Owner }, Person("dora", "Dora", Role.Agent));

        (await host.Directory().PutPeopleAsync(command, Cancellation)).ShouldBe(new PutPeopleResult { Added = 1, Changed = 2 });
        (await host.Directory().PutPeopleAsync(command, Cancellation)).ShouldBe(new PutPeopleResult());

        (await host.Directory().AdmitAsync(host.Bob.Record, Cancellation)).ShouldBeNull();
        (await host.Directory().PeopleAsync([host.Bob.Id, host.Cleo.Id], Cancellation)).Select(person => person.Permissions)
            .ShouldBe([(ChatPermissions)0, RolePermissions.Default(Role.Owner)]);
        (await host.Store.Directory.ReadPeopleAsync(host.Tenant, Cancellation)).ShouldBe(command.People, ignoreOrder: true);
        (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation))
            .Select(entry => $"{entry.Action} {System.Text.Json.JsonElement.Parse(entry.Details).GetProperty("userId")} {entry.ActorId}").Order()
            .ShouldBe(["person.added dora desk", "person.changed bob desk", "person.changed cleo desk"]);
        host.Events.Signals.OfType<PeopleChanged>().ShouldHaveSingleItem().Users.ShouldBe([host.Bob.Id, host.Cleo.Id]);
    }

    [Theory]
    [InlineData(PutPeople.PeopleMax, null)]
    [InlineData(PutPeople.PeopleMax + 1, PutPeopleRefusal.Invalid)]
    public async Task PutPeopleAsync_AtTheBound_TakesAllOrNone(int count, PutPeopleRefusal? refusal)
    {
        await using var host = await ChatHost.StartAsync();

        var put = await host.Directory().PutPeopleAsync(
            Put([.. Enumerable.Range(1, count).Select(number => Person($"p{number}", $"Person {number}", Role.Agent))]), Cancellation);

        put.Refusal.ShouldBe(refusal);
        (await host.Store.Directory.ReadPeopleAsync(host.Tenant, Cancellation)).Length.ShouldBe(3 + (refusal is null ? count : 0));
    }

    [Fact]
    public async Task PutPeopleAsync_SomebodyTwiceOrWithoutName_TakesNobody()
    {
        await using var host = await ChatHost.StartAsync();
        var dora = Person("dora", "Dora", Role.Agent);
        foreach (var people in (Person[][])[[dora, dora], [dora, Person("emil", " ", Role.Agent)], [dora, Person("emil", "Emil", (Role)9)]])
        {
            (await host.Directory().PutPeopleAsync(Put(people), Cancellation)).Refusal.ShouldBe(PutPeopleRefusal.Invalid);
        }

        (await host.Store.Directory.ReadPeopleAsync(host.Tenant, Cancellation)).Length.ShouldBe(3);
    }

    [Theory]
    [EveryStore]
    public async Task EveryAnswer_AfterAnotherActivationWrote_TellsItWithinASecond(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Single().Active.ShouldBeTrue();
        var versions = (await host.Store.Directory.ReadVersionsAsync([host.Tenant], Cancellation)).Single();
        (await host.Store.Directory.PutPeopleAsync(host.Tenant, [host.Ann.Record with { Active = false }], versions.People, [], Cancellation)).ShouldBeTrue();
        (await host.Store.Directory.SetPolicyAsync(
            host.Tenant, new TenantPolicy { Version = 1, Agent = ChatPermissions.Use }, Entry(), Cancellation)).ShouldBeTrue();

        host.Time.Advance(TimeSpan.FromSeconds(1));

        (await host.Directory().AdmitAsync(host.Ann.Record, Cancellation)).ShouldBeNull();
        (await host.Directory().PeopleAsync([host.Ann.Id, host.Bob.Id], Cancellation)).Select(person => person.Permissions).ShouldBe([0, ChatPermissions.Use]);
        (await host.Directory().PutPeopleAsync(Put(host.Bob.Record with { Role = Role.Owner }), Cancellation)).Changed.ShouldBe(1);
        (await host.Directory().SetPolicyAsync(Policy(TenantPolicy.Default), Cancellation)).Policy.Version.ShouldBe(2);
    }

    [Fact]
    public async Task RefreshAsync_HigherVersionsThanKnown_ReadsThem()
    {
        await using var host = await ChatHost.StartAsync();
        (await host.Directory().PeopleAsync([host.Ann.Id], Cancellation)).Length.ShouldBe(1);
        var versions = (await host.Store.Directory.ReadVersionsAsync([host.Tenant], Cancellation)).Single();
        await host.Store.Directory.PutPeopleAsync(host.Tenant, [host.Ann.Record with { Active = false }], versions.People, [], Cancellation);

        var view = await host.Directory().RefreshAsync([host.Ann.Id], versions with { People = versions.People + 1 }, Cancellation);

        view.People.Single().Active.ShouldBeFalse();
        view.Versions.ShouldBe(versions with { People = versions.People + 1 });
    }

    [Fact]
    public async Task PageAsync_PageByPage_IsEverybodyInOrderOfIds()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Directory().PutPeopleAsync(Put(Person("ZOE", "Zoe", Role.Agent) with { Active = false }), Cancellation);

        var first = await host.Directory().PageAsync(null, 3, Cancellation);
        var second = await host.Directory().PageAsync(first.People[^1].UserId, 3, Cancellation);

        (first.Found, first.More, second.More).ShouldBe((true, true, false));
        first.People.Concat(second.People).Select(person => person.UserId.Value).ShouldBe(["ZOE", "ann", "bob", "cleo"]);
    }

    private static SetPolicy Policy(TenantPolicy policy) => new() { Actor = UserId.Of("desk"), Policy = policy };

    private static PutPeople Put(params Person[] people) => new() { Actor = UserId.Of("desk"), People = [.. people] };

    private static AuditRecord Entry() => new()
    {
        Id = Guid.CreateVersion7(),
        At = DateTimeOffset.UnixEpoch,
        ActorId = UserId.Of("desk"),
        Action = "policy.changed",
        Details = "{}",
    };

    private static Person Person(string id, string name, Role role) => new() { UserId = UserId.Of(id), Name = name, Role = role };

    /// <summary>As the directory answers.</summary>
    private static Person Allowed(Person person) => person with { Permissions = RolePermissions.Default(person.Role) };
}
