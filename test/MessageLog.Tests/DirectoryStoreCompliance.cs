using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IDirectoryStore"/> does.</summary>
public abstract class DirectoryStoreCompliance
{
    private readonly StoreFixture _fixture;

    protected DirectoryStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private IDirectoryStore Directory => _fixture.Store.Directory;

    [Fact]
    public async Task AddPeopleAsync_NewAndStored_AddsTheNewAndKeepsTheStored()
    {
        var tenant = TenantId.Of("added");
        var ann = new Person { UserId = Ann, Name = "Ann Ärcher 😀", Role = Role.Owner, Active = false };
        var bob = new Person { UserId = Bob, Name = "Bob", Role = Role.Agent };

        (await Directory.AddPeopleAsync(tenant, [ann], Cancellation)).ShouldBe(1);
        (await Directory.AddPeopleAsync(tenant, [ann with { Name = "other", Role = Role.Agent }, bob], Cancellation)).ShouldBe(1);
        (await Directory.AddPeopleAsync(tenant, [], Cancellation)).ShouldBe(0);

        (await Directory.ReadPeopleAsync(tenant, Cancellation)).ShouldBe([ann, bob], ignoreOrder: true);
        (await Directory.AnyTenantAsync(Cancellation)).ShouldBeTrue();
    }

    [Fact]
    [Rule("R3")]
    public async Task ReadPeopleAsync_AnotherTenant_SeesNobodyOfThisOne()
    {
        await CreateAsync(_fixture.Store);

        (await Directory.ReadPeopleAsync(TenantId.Of("nobody's"), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AddPeopleAsync_NameThatNotEveryStoreHolds_Throws()
    {
        foreach (var name in (string[])["a\0b", "\uD83D"])
        {
            await Should.ThrowAsync<ArgumentException>(() => Directory.AddPeopleAsync(
                TenantId.Of("refused"), [new Person { UserId = Ann, Name = name, Role = Role.Agent }], Cancellation));
        }
    }

    [Fact]
    public async Task AddPeopleAsync_SamePersonManyTimesAtOnce_IsNewOnce()
    {
        var tenant = TenantId.Of("at once");
        var added = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() =>
            Directory.AddPeopleAsync(tenant, [new Person { UserId = Cleo, Name = "Cleo", Role = Role.Admin }], Cancellation))));

        added.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task AddPeopleAsync_Beside_MovesThePeoplesVersion()
    {
        var tenant = TenantId.Of("versions");
        (await Directory.ReadVersionsAsync([tenant], Cancellation)).ShouldBeEmpty();
        for (var version = 1; version <= 2; version++)
        {
            await Directory.AddPeopleAsync(tenant, [new Person { UserId = UserId.Of($"user {version}"), Name = "Somebody", Role = Role.Agent }], Cancellation);

            (await Directory.ReadVersionsAsync([tenant, TenantId.Of("nobody's")], Cancellation))
                .ShouldBe([new TenantVersions { TenantId = tenant, People = version, Policy = 0 }]);
        }
    }

    [Fact]
    [Rule("R4")]
    public async Task PutPeopleAsync_VersionThatIsStored_StoresPeopleAndAuditTogether()
    {
        var tenant = TenantId.Of("put");
        var ann = new Person { UserId = Ann, Name = "Ann", Role = Role.Agent };
        var entry = Entry("person.added");

        (await Directory.PutPeopleAsync(tenant, [ann], 0, [entry], Cancellation)).ShouldBeTrue();
        (await Directory.PutPeopleAsync(tenant, [ann with { Name = "Anna", Role = Role.Owner, Active = false }], 0, [Entry("person.changed")], Cancellation)).ShouldBeFalse();
        (await Directory.PutPeopleAsync(tenant, [ann with { Name = "Anne", Active = false }], 1, [], Cancellation)).ShouldBeTrue();

        (await Directory.ReadPeopleAsync(tenant, Cancellation)).ShouldBe([ann with { Name = "Anne", Active = false }]);
        (await Directory.ReadVersionsAsync([tenant], Cancellation)).ShouldBe([new TenantVersions { TenantId = tenant, People = 2, Policy = 0 }]);
        (await _fixture.Store.Audit.ReadPageAsync(tenant, null, 10, Cancellation)).ShouldHaveSingleItem().Id.ShouldBe(entry.Id, "the refused one left nothing");
    }

    [Fact]
    public async Task SetPolicyAsync_EveryValue_IsReadAsItWasSet()
    {
        var tenant = TenantId.Of("policy");
        (await Directory.ReadTenantAsync(tenant, Cancellation)).ShouldBeNull();
        var policy = new TenantPolicy
        {
            Version = 1,
            Agent = ChatPermissions.Use | ChatPermissions.DirectReply,
            Supervisor = 0,
            Admin = TenantPolicyRules.All,
            ProvisionUnknown = false,
            EditWindow = TimeSpan.FromSeconds(1),
            ShowVersions = false,
            RetentionDays = 1,
            FrameOrigins = new FrameOrigins { Origins = ["https://desk.example.com", "http://localhost:8080"] },
        };

        (await Directory.SetPolicyAsync(tenant, policy, Entry("policy.changed"), Cancellation)).ShouldBeTrue();
        (await Directory.ReadTenantAsync(tenant, Cancellation)).ShouldNotBeNull().Policy.ShouldBe(policy);

        (await Directory.SetPolicyAsync(tenant, new TenantPolicy { Version = 2 }, Entry("policy.changed"), Cancellation)).ShouldBeTrue();
        var stored = await Directory.ReadTenantAsync(tenant, Cancellation);
        stored.ShouldNotBeNull().Policy.ShouldBe(TenantPolicy.Default with { Version = 2 });
        stored.Versions.ShouldBe(new TenantVersions { TenantId = tenant, People = 0, Policy = 2 });
    }

    [Fact]
    public async Task SetPolicyAsync_TwoOnTheSameVersion_OneIsStoredWithItsAudit()
    {
        var tenant = TenantId.Of("fork");
        await Directory.AddPeopleAsync(tenant, [new Person { UserId = Ann, Name = "Ann", Role = Role.Agent }], Cancellation);

        var set = await Task.WhenAll(Enumerable.Range(1, 20).Select(days => Task.Run(() =>
            Directory.SetPolicyAsync(tenant, new TenantPolicy { Version = 1, RetentionDays = days }, Entry("policy.changed"), Cancellation))));

        set.Count(stored => stored).ShouldBe(1);
        var winner = Array.IndexOf(set, true) + 1;
        (await Directory.ReadTenantAsync(tenant, Cancellation)).ShouldNotBeNull().Policy.ShouldBe(new TenantPolicy { Version = 1, RetentionDays = winner });
        (await _fixture.Store.Audit.ReadPageAsync(tenant, null, 100, Cancellation)).Length.ShouldBe(1);
    }

    [Fact]
    [Rule("R4")]
    public async Task Audit_PageByPage_IsNewestFirstAndOfTheTenantAlone()
    {
        var (tenant, other) = (TenantId.Of("audited"), TenantId.Of("other audited"));
        var start = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        AuditRecord[] entries = [.. Enumerable.Range(0, 5).Select(number => Entry("act", start.AddSeconds(number / 2), $$"""{"number": {{number}}}"""))];
        await Directory.AddPeopleAsync(tenant, [], Cancellation);
        await Directory.AddPeopleAsync(other, [], Cancellation);
        foreach (var entry in entries.Append(entries[2])) // One of them twice, as when an answer was lost.
        {
            await _fixture.Store.Audit.AddAsync(tenant, entry, Cancellation);
        }

        List<AuditRecord> read = [];
        while (await _fixture.Store.Audit.ReadPageAsync(tenant, read.LastOrDefault()?.Id, 2, Cancellation) is { IsEmpty: false } page)
        {
            page.Length.ShouldBeLessThanOrEqualTo(2);
            read.AddRange(page);
        }

        read.ShouldBe(entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => $"{entry.Id}", StringComparer.Ordinal));
        (await _fixture.Store.Audit.FindAsync(tenant, entries[3].Id, Cancellation)).ShouldBe(entries[3]);
        (await _fixture.Store.Audit.FindAsync(other, entries[3].Id, Cancellation)).ShouldBeNull();
        (await _fixture.Store.Audit.ReadPageAsync(other, null, 10, Cancellation)).ShouldBeEmpty();
        (await _fixture.Store.Audit.ReadPageAsync(other, entries[3].Id, 10, Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [Rule("R4")]
    [InlineData("update audit set action = 'nothing'")]
    [InlineData("delete from audit")]
    public async Task Audit_WhoeverChangesIt_IsRefusedByTheDatabase(string sql)
    {
        var tenant = TenantId.Of($"tampered {sql.Length}");
        await Directory.PutPeopleAsync(tenant, [], 0, [Entry("act")], Cancellation);

        (await Should.ThrowAsync<System.Data.Common.DbException>(() => _fixture.ExecuteAsync(sql))).Message.ShouldContain("append-only");

        (await _fixture.Store.Audit.ReadPageAsync(tenant, null, 10, Cancellation)).ShouldHaveSingleItem().Action.ShouldBe("act");
    }

    private static AuditRecord Entry(string action, DateTimeOffset? at = null, string details = "{}") => new()
    {
        Id = Guid.CreateVersion7(at ?? DateTimeOffset.UnixEpoch),
        At = at ?? DateTimeOffset.UnixEpoch,
        ActorId = Cleo,
        Action = action,
        ConversationId = AnnAndBob,
        Details = details,
    };
}

public sealed class SqliteDirectoryStoreTests(SqliteStoreFixture fixture) : DirectoryStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>
{
    [Fact]
    public async Task AnyTenantAsync_EmptyDatabase_IsFalse()
    {
        using var folder = new TempFolder();
        await using var store = await StoreFixture.OpenAsync(new SqliteStoreOptions { Path = folder.File("empty.db") });

        (await store.Directory.AnyTenantAsync(Cancellation)).ShouldBeFalse();
    }
}

public sealed class PostgresDirectoryStoreTests(PostgresStoreFixture fixture) : DirectoryStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
