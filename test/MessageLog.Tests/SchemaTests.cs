using Npgsql;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>How a database gets its schemas, and what a program that does not migrate refuses to start on.</summary>
public sealed class SchemaTests(PostgresServerFixture fixture)
{
    private const string Option = "Cluster:ConnectionString";
    private const PostgresSchemas Both = PostgresSchemas.Chat | PostgresSchemas.Cluster;

    private PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
            return fixture.Server!;
        }
    }

    /// <summary>The scripts in the order of their numbers, as they are told.</summary>
    private static string[] ChatScripts =>
        [.. MigrationScript.Of("Postgres").Select(script => $"chat {script.Name}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task MigrateAsync_EmptyDatabase_AppliesBothSetsAndPassesTheCheck()
    {
        var database = await Server.CreateDatabaseAsync();

        (await MigrateAsync(database)).ShouldBe([.. ChatScripts, "cluster 0001_clustering", "cluster 0002_grain_storage"]);
        await CheckAsync(database);
    }

    [Fact]
    public async Task MigrateAsync_Again_AppliesNothing()
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database);

        (await MigrateAsync(database)).ShouldBeEmpty();
        (await ScalarAsync(database, "select count(*) from schema_migrations")).ShouldBe((long)ChatScripts.Length);
        (await ScalarAsync(database, "select count(*) from cluster_schema_migrations")).ShouldBe(2L);
    }

    [Theory]
    [InlineData(PostgresSchemas.Chat, "chat 0001_initial", "orleansquery")]
    [InlineData(PostgresSchemas.Cluster, "cluster 0001_clustering", "messages")]
    public async Task MigrateAsync_OneSet_LeavesTheOthersTablesOut(PostgresSchemas schemas, string first, string absent)
    {
        var database = await Server.CreateDatabaseAsync();

        (await PostgresSchema.MigrateAsync(database, Option, schemas, Cancellation))[0].ShouldBe(first);
        (await ScalarAsync(database, $"select to_regclass('{absent}') is null")).ShouldBe(true);
        await PostgresSchema.CheckAsync(database, Option, schemas, Cancellation);
    }

    [Fact]
    public async Task MigrateAsync_OneStepBehind_AppliesTheLastAndKeepsWhatIsThere()
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateToAsync(database, steps: 1);
        await ScalarAsync(database, "insert into OrleansMembershipVersionTable values ('chat', now(), 7)");

        (await MigrateAsync(database, PostgresSchemas.Cluster)).ShouldBe(["cluster 0002_grain_storage"]);
        (await ScalarAsync(database, "select Version from OrleansMembershipVersionTable")).ShouldBe(7);
        await PostgresSchema.CheckAsync(database, Option, PostgresSchemas.Cluster, Cancellation);
    }

    [Theory]
    [InlineData("update cluster_schema_migrations set checksum = 'x' where version = 1", "checksum differs")]
    [InlineData("insert into cluster_schema_migrations values (9999, 'future', 'x')", "newer than the program")]
    public async Task Schema_OfAnotherProgram_IsNeitherMigratedNorAccepted(string sql, string reason)
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database);
        await ScalarAsync(database, sql);

        (await Should.ThrowAsync<StoreStartException>(() => MigrateAsync(database))).Message.ShouldContain(reason);
        (await Should.ThrowAsync<StoreStartException>(() => CheckAsync(database))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task MigrateAsync_ManyAtOnce_AppliesEachScriptOnce()
    {
        var database = await Server.CreateDatabaseAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => MigrateAsync(database))));

        applied.Where(scripts => scripts.Count > 0).ShouldHaveSingleItem().Count.ShouldBe(ChatScripts.Length + 2);
        await CheckAsync(database);
    }

    [Fact]
    public async Task MigrateAsync_AnotherHasTheTurnForLong_WaitsForItBeyondTheCommandTimeout()
    {
        var database = await Server.CreateDatabaseAsync();
        await using var other = await OpenAsync(database);
        await using var turn = await other.BeginTransactionAsync(Cancellation);
        await ScalarAsync(other, "select pg_advisory_xact_lock(1667785076, 1835624241)");

        await using var connection = await OpenAsync(database + ";Command Timeout=1");
        var migrating = PostgresMigrator.MigrateAsync(connection, [PostgresMigrations.Chat], Cancellation);
        await UntilAsync(async () => await ScalarAsync(
            database, "select exists (select from pg_stat_activity where wait_event = 'advisory' and state_change < clock_timestamp() - interval '1.5 s' and datname = current_database())") is true);
        migrating.IsCompleted.ShouldBeFalse();
        await turn.CommitAsync(Cancellation);

        (await migrating).ShouldBe(ChatScripts);
    }

    [Fact]
    public async Task MigrateAsync_TablesThatAnotherMade_IsRefusedByScriptAndLeavesNothing()
    {
        var database = await Server.CreateDatabaseAsync();
        await ScalarAsync(database, "create table OrleansStorage (Anything int)");

        var refused = await Should.ThrowAsync<StoreStartException>(() => MigrateAsync(database));

        refused.Message.ShouldContain("0002_grain_storage of the cluster schema cannot be applied");
        refused.Message.ShouldContain("\"orleansstorage\" already exists");
        refused.Message.ShouldNotContain('\n');
        (await ScalarAsync(database, "select string_agg(relname, ' ') from pg_stat_user_tables")).ShouldBe("orleansstorage");
    }

    [Fact]
    public async Task CheckAsync_EmptyDatabase_SaysWhatIsMissingAndWhatToDo()
    {
        var database = await Server.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database;

        var refused = await Should.ThrowAsync<StoreStartException>(() => PostgresSchema.CheckAsync(database, Option, PostgresSchemas.Cluster, Cancellation));

        refused.Message.ShouldBe(
            $"The database {name} lacks 0001_clustering, 0002_grain_storage of the cluster schema. The command 'migrate' of the silo applies it.");
        (await ScalarAsync(database, "select count(*) from pg_stat_user_tables")).ShouldBe(0L);
    }

    [Fact]
    public async Task CheckAsync_OneStepBehind_NamesTheStep()
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateToAsync(database, steps: 1);

        (await Should.ThrowAsync<StoreStartException>(() => PostgresSchema.CheckAsync(database, Option, PostgresSchemas.Cluster, Cancellation)))
            .Message.ShouldContain("lacks 0002_grain_storage of the cluster schema");
    }

    [Theory]
    [InlineData("drop table OrleansStorage, OrleansMembershipTable", "tables of Orleans that its schema had: OrleansMembershipTable, OrleansStorage.")]
    [InlineData("drop table OrleansQuery", "tables of Orleans that its schema had: OrleansQuery.")]
    [InlineData("alter table OrleansMembershipTable alter StartTime type timestamp", "OrleansMembershipTable.StartTime is timestamp without time zone.")]
    [InlineData("alter table OrleansMembershipTable alter IAmAliveTime type timestamp", "OrleansMembershipTable.IAmAliveTime is timestamp without time zone.")]
    [InlineData("alter table OrleansMembershipVersionTable alter Timestamp type date", "OrleansMembershipVersionTable.Timestamp is date.")]
    [InlineData("alter table OrleansStorage drop ModifiedOn", "OrleansStorage.ModifiedOn is missing.")]
    public async Task CheckAsync_TableChangedAfterwards_IsNamed(string sql, string named)
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database);
        await ScalarAsync(database, sql);

        (await Should.ThrowAsync<StoreStartException>(() => CheckAsync(database))).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("CleanupDefunctSiloEntriesKey")]
    [InlineData("ClearStorageKey")]
    [InlineData("DeleteMembershipTableEntriesKey")]
    [InlineData("DeleteStorageKey")]
    [InlineData("GatewaysQueryKey")]
    [InlineData("InsertMembershipKey")]
    [InlineData("InsertMembershipVersionKey")]
    [InlineData("MembershipReadAllKey")]
    [InlineData("MembershipReadRowKey")]
    [InlineData("ReadFromStorageKey")]
    [InlineData("UpdateIAmAlivetimeKey")]
    [InlineData("UpdateMembershipKey")]
    [InlineData("WriteToStorageKey")]
    public async Task CheckAsync_QueryKeyMissing_IsNamed(string key)
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database);
        await ScalarAsync(database, $"delete from OrleansQuery where QueryKey = '{key}'");

        (await Should.ThrowAsync<StoreStartException>(() => CheckAsync(database))).Message.ShouldContain($"rows of OrleansQuery that its schema had: {key}.");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Password=geheim;Database=x", "cannot be used")]
    [InlineData("Host=no-such-host.invalid;Username=x;Password=geheim;Database=x", "cannot be used")]
    [InlineData("Host=x;Password=ab;geheim=1", "is not a connection string")]
    [InlineData("Host=x;Port=geheim", "is not a connection string")]
    [InlineData("Username=x;Password=geheim", "is not a connection string")]
    [InlineData(" ", "is empty")]
    public async Task Schema_NoDatabase_IsRefusedByTheOptionsNameInOneLineWithoutThePassword(string connectionString, string reason)
    {
        Func<Task>[] uses = [() => MigrateAsync(connectionString), () => CheckAsync(connectionString)];
        foreach (var use in uses)
        {
            var refused = await Should.ThrowAsync<StoreStartException>(use);
            refused.Message.ShouldStartWith(Option);
            refused.Message.ShouldContain(reason);
            refused.Message.ShouldNotContain('\n');
            refused.ToString().ShouldNotContain("geheim");
        }
    }

    [Fact]
    public async Task OpenAsync_WithoutMigrateOnAnEmptyDatabase_IsRefusedAndWritesNothing()
    {
        var database = await Server.CreateDatabaseAsync();

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(NotMigrating(database))))
            .Message.ShouldContain($"lacks {string.Join(", ", ChatScripts).Replace("chat ", string.Empty, StringComparison.Ordinal)} of the chat schema. The command 'migrate' of the silo applies it.");
        (await ScalarAsync(database, "select count(*) from pg_stat_user_tables")).ShouldBe(0L);
    }

    [Fact]
    public async Task OpenAsync_WithoutMigrateOnAMigratedDatabase_Writes()
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database, PostgresSchemas.Chat);

        await using var store = await StoreFixture.OpenAsync(NotMigrating(database));

        await (await CreateAsync(store)).GroupAsync(texts: 1);
        (await ScalarAsync(database, "select count(*) from messages")).ShouldBe(2L);
    }

    [Fact]
    public async Task OpenAsync_WithoutMigrateOnAnotherProgramsDatabase_IsRefused()
    {
        var database = await Server.CreateDatabaseAsync();
        await MigrateAsync(database, PostgresSchemas.Chat);
        await ScalarAsync(database, "update schema_migrations set checksum = 'x'");

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(NotMigrating(database)))).Message.ShouldContain("checksum differs");
    }

    private static PostgresStoreOptions NotMigrating(string database) => new() { ConnectionString = database, ExclusiveProcess = false, Migrate = false };

    private static Task<IReadOnlyList<string>> MigrateAsync(string database, PostgresSchemas schemas = Both) =>
        PostgresSchema.MigrateAsync(database, Option, schemas, Cancellation);

    private static Task CheckAsync(string database) => PostgresSchema.CheckAsync(database, Option, Both, Cancellation);

    /// <summary>As an older program would have left the cluster's tables.</summary>
    private static async Task MigrateToAsync(string database, int steps)
    {
        await using var connection = await OpenAsync(database);
        var older = PostgresMigrations.Cluster with { Scripts = [.. PostgresMigrations.Cluster.Scripts.Take(steps)] };
        await PostgresMigrator.MigrateAsync(connection, [older], Cancellation);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        return await ScalarAsync(connection, sql);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
