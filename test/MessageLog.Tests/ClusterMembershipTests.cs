using OrleansChat.Testing;

namespace OrleansChat.MessageLog.Tests;

/// <summary>The statements that Orleans' clustering runs, with asserts on and off: nothing may depend on them.</summary>
public sealed class ClusterMembershipTests(PostgresServerFixture fixture)
{
    private const string Cluster = "chat";
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly DateTime Start = new(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string> Asserts => new("plpgsql.check_asserts=on", "plpgsql.check_asserts=off");

    private PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
            return fixture.Server!;
        }
    }

    [Fact]
    public async Task InsertMembershipVersion_Twice_OnlyTheFirstMakesTheCluster()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);

        (await MakeClusterAsync(database)).ShouldBeTrue();
        (await MakeClusterAsync(database)).ShouldBeFalse();
        var read = await database.AskAllAsync("MembershipReadAllKey", ("DeploymentId", Cluster));
        read.ShouldHaveSingleItem()["Version"].ShouldBe(0);
        read[0]["StartTime"].ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Asserts))]
    public async Task InsertMembership_Twice_TheSecondIsFalseAndChangesNothing(string asserts)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server, asserts);
        await MakeClusterAsync(database);

        (await InsertAsync(database, port: 1, version: 0)).ShouldBeTrue();
        (await InsertAsync(database, port: 1, version: 1, name: "other")).ShouldBeFalse();
        (await VersionAsync(database)).ShouldBe(1);
        (await RowAsync(database, port: 1))["SiloName"].ShouldBe("silo");
    }

    [Theory]
    [MemberData(nameof(Asserts))]
    public async Task InsertMembership_StaleVersion_IsFalseAndChangesNothing(string asserts)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server, asserts);
        await MakeClusterAsync(database);
        await InsertAsync(database, port: 1, version: 0);

        (await InsertAsync(database, port: 2, version: 0)).ShouldBeFalse();
        (await VersionAsync(database)).ShouldBe(1);
        (await RowAsync(database, port: 2))["StartTime"].ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Asserts))]
    public async Task UpdateMembership_StaleVersion_IsFalseAndChangesNothing(string asserts)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server, asserts);
        await MakeClusterAsync(database);
        await InsertAsync(database, port: 1, version: 0);

        (await UpdateAsync(database, port: 1, version: 0, status: Dead)).ShouldBeFalse();
        (await VersionAsync(database)).ShouldBe(1);
        (await RowAsync(database, port: 1))["Status"].ShouldBe(Active);
    }

    [Theory]
    [MemberData(nameof(Asserts))]
    public async Task UpdateMembership_NoSuchSilo_IsFalseAndKeepsTheVersion(string asserts)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server, asserts);
        await MakeClusterAsync(database);

        (await UpdateAsync(database, port: 1, version: 0, status: Dead)).ShouldBeFalse();
        (await VersionAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task UpdateMembership_KnownVersion_WritesEverything()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await MakeClusterAsync(database);
        await InsertAsync(database, port: 1, version: 0);
        var suspects = string.Join('|', Enumerable.Repeat("127.0.0.1:11111@300,2026-03-01 09:00:00.000 GMT", 500));

        (await UpdateAsync(database, port: 1, version: 1, status: Dead, suspects)).ShouldBeTrue();
        var row = await RowAsync(database, port: 1);
        row["Version"].ShouldBe(2);
        row["Status"].ShouldBe(Dead);
        row["SuspectTimes"].ShouldBe(suspects);
        row["IAmAliveTime"].ShouldBe(Start.AddMinutes(1));
        ((DateTime)row["IAmAliveTime"]!).Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public async Task Membership_ManyWritersOfOneVersion_OneWins()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await MakeClusterAsync(database);

        for (var version = 0; version < 20; version++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                silo => InsertAsync(database, port: (version * 4) + silo + 1, version)));
            answers.Count(won => won).ShouldBe(1);
        }

        (await VersionAsync(database)).ShouldBe(20);
        (await database.AskAllAsync("MembershipReadAllKey", ("DeploymentId", Cluster))).Count.ShouldBe(20);
    }

    [Fact]
    public async Task UpdateIAmAliveTime_OfOneSilo_ChangesItsTimeAndNoVersion()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await MakeClusterAsync(database);
        await InsertAsync(database, port: 1, version: 0);
        await InsertAsync(database, port: 2, version: 1);

        await database.AskAsync("UpdateIAmAlivetimeKey", [.. Silo(port: 1), ("IAmAliveTime", Start.AddHours(1))]);

        (await RowAsync(database, port: 1))["IAmAliveTime"].ShouldBe(Start.AddHours(1));
        (await RowAsync(database, port: 2))["IAmAliveTime"].ShouldBe(Start);
        (await VersionAsync(database)).ShouldBe(2);
    }

    [Fact]
    public async Task Gateways_OfACluster_AreTheActiveSilosThatHaveOne()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await MakeClusterAsync(database);
        await InsertAsync(database, port: 1, version: 0);
        await InsertAsync(database, port: 2, version: 1, gateway: 0);
        await InsertAsync(database, port: 3, version: 2, status: Dead);

        var gateways = await database.AskAllAsync("GatewaysQueryKey", ("DeploymentId", Cluster), ("Status", Active));

        gateways.ShouldHaveSingleItem()["ProxyPort"].ShouldBe(30_000);
        gateways[0]["Address"].ShouldBe("127.0.0.1");
        gateways[0]["Generation"].ShouldBe(7);
    }

    [Fact]
    public async Task Cleanup_SilosOfEveryStatus_RemovesOldDeadOnesOfTheCluster()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await MakeClusterAsync(database);
        await MakeClusterAsync(database, "other");
        for (var status = 0; status <= Dead; status++)
        {
            await InsertAsync(database, port: status + 1, version: status, status: status);
        }

        await InsertAsync(database, port: 100, version: 7, status: Dead, alive: Start.AddMinutes(1));
        await InsertAsync(database, port: 200, version: 0, status: Dead, cluster: "other");

        await database.AskAsync("CleanupDefunctSiloEntriesKey", ("DeploymentId", Cluster), ("IAmAliveTime", Start.AddMinutes(1)));

        (await database.ScalarAsync("select string_agg(Port::text, ' ' order by Port) from OrleansMembershipTable")).ShouldBe("1 2 3 4 5 6 100 200");
    }

    [Fact]
    public async Task DeleteMembershipTableEntries_OfOneCluster_LeavesTheOther()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        foreach (var cluster in (string[])[Cluster, "other"])
        {
            await MakeClusterAsync(database, cluster);
            await InsertAsync(database, port: 1, version: 0, cluster: cluster);
        }

        await database.AskAsync("DeleteMembershipTableEntriesKey", ("DeploymentId", Cluster));

        (await database.AskAllAsync("MembershipReadAllKey", ("DeploymentId", Cluster))).ShouldBeEmpty();
        (await database.AskAllAsync("MembershipReadAllKey", ("DeploymentId", "other"))).ShouldHaveSingleItem()["Port"].ShouldBe(1);
    }

    private static async Task<bool> MakeClusterAsync(ClusterDatabase database, string cluster = Cluster) =>
        Answer(await database.AskAsync("InsertMembershipVersionKey", ("DeploymentId", cluster)));

    private static async Task<bool> InsertAsync(
        ClusterDatabase database,
        int port,
        int version,
        string name = "silo",
        int status = Active,
        int gateway = 30_000,
        DateTime? alive = null,
        string cluster = Cluster) =>
        Answer(await database.AskAsync(
            "InsertMembershipKey",
            [
                .. Silo(port, cluster), ("SiloName", name), ("HostName", "host"), ("Status", status), ("ProxyPort", gateway),
                ("StartTime", Start), ("IAmAliveTime", alive ?? Start), ("Version", version),
            ]));

    private static async Task<bool> UpdateAsync(ClusterDatabase database, int port, int version, int status, string? suspects = null) =>
        Answer(await database.AskAsync(
            "UpdateMembershipKey",
            [.. Silo(port), ("Status", status), ("SuspectTimes", suspects), ("IAmAliveTime", Start.AddMinutes(1)), ("Version", version)]));

    private static async Task<IReadOnlyDictionary<string, object?>> RowAsync(ClusterDatabase database, int port) =>
        (await database.AskAsync("MembershipReadRowKey", Silo(port))).ShouldNotBeNull();

    private static async Task<object?> VersionAsync(ClusterDatabase database) =>
        (await database.AskAsync("MembershipReadAllKey", ("DeploymentId", Cluster))).ShouldNotBeNull()["Version"];

    private static (string, object?)[] Silo(int port, string cluster = Cluster) =>
        [("DeploymentId", cluster), ("Address", "127.0.0.1"), ("Port", port), ("Generation", 7)];

    // Orleans takes the only column of the only row for its answer.
    private static bool Answer(IReadOnlyDictionary<string, object?>? row) => Convert.ToBoolean(row.ShouldNotBeNull().ShouldHaveSingleItem().Value);
}
