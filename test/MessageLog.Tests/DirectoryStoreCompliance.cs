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
