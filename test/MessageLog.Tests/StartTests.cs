using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>When a store starts and when it refuses to, with a line that says why.</summary>
public sealed class SqliteStartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private SqliteStoreOptions Options => new() { Path = _folder.File("chat.db") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_AnotherProcessHasTheFile_IsRefusedAtOnceAndWorksAfterItsDeath()
    {
        await using var other = WriterProcess.Start("sqlite", Options.Path);
        await other.AcknowledgesAsync(1);

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(Options))).Message.ShouldContain("in use by another process");
        await other.KillAsync();
        await using var store = await StoreFixture.OpenAsync(Options);
    }

    [Fact]
    public async Task OpenAsync_ThisProcessHasTheFile_TheOtherIsRefusedAtOnce()
    {
        await using var store = await StoreFixture.OpenAsync(Options);
        await using var other = WriterProcess.Start("sqlite", Options.Path);

        var (code, errors) = await other.ExitAsync();

        code.ShouldBe(3);
        errors.ShouldContain("in use by another process");
        other.Sent.ShouldBeEmpty();
        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(Options))).Message.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task OpenAsync_Twice_MigratesOnceAndKeepsEverything()
    {
        await using (var store = await StoreFixture.OpenAsync(Options))
        {
            await (await CreateAsync(store)).GroupAsync(texts: 1);
        }

        await using (var store = await StoreFixture.OpenAsync(Options))
        {
            (await store.Directory.AnyTenantAsync(Cancellation)).ShouldBeTrue();
        }

        (await ScalarAsync("select count(*) from schema_migrations")).ShouldBe((long)MigrationScript.Of("Sqlite").Count);
        (await ScalarAsync("select count(*) from messages")).ShouldBe(2L);
    }

    [Fact]
    [Rule("L1")]
    public async Task OpenAsync_FileFromBeforeTheHeads_ListsAndOrdersWhatWasThere()
    {
        TestTenant tenant;
        ConversationId older, newer;
        await using (var store = await StoreFixture.OpenAsync(Options))
        {
            tenant = await CreateAsync(store);
            (older, _) = await tenant.GroupAsync(texts: 1);
            (newer, _) = await tenant.GroupAsync(texts: 2);
            await store.Inbox.MarkReadAsync(tenant.Id, Bob, newer, 3, Cancellation);
        }

        foreach (var sql in (string[])
        [
            "drop trigger conversation_heads_begin", "drop trigger conversation_heads_move", "drop table conversation_heads", "drop index participants_of_user",
            "alter table participants drop column conversation_number", "alter table conversations drop column number",
            "create index participants_of_user on participants (tenant_id, user_id, conversation_id, read_seq) where left_seq is null",
            "delete from schema_migrations where version >= 10",
        ])
        {
            await ScalarAsync(sql);
        }

        await using (var store = await StoreFixture.OpenAsync(Options))
        {
            var rows = (await store.Inbox.ListAsync(tenant.Id, Bob, null, null, 10, Cancellation)).Rows;
            rows.Select(row => (row.ConversationId, row.Basis.Unread)).ShouldBe([(older, 1), (newer, 0)]);
            var head = await store.Log.AppendAsync(tenant.Append(newer, rows[1].Head, tenant.Text(Ann, "again")), Cancellation);
            head.ShouldBeOfType<AppendResult.Appended>();
            await store.Log.AppendAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "hi")), Cancellation);
            rows = (await store.Inbox.ListAsync(tenant.Id, Bob, null, null, 10, Cancellation)).Rows;
            rows.Select(row => (row.ConversationId, row.Basis.Unread)).ShouldBe([(AnnAndBob, 1), (newer, 1), (older, 1)]);
        }
    }

    [Theory]
    [InlineData("insert into schema_migrations values (9999, 'future', 'x', 0)", "newer than the program")]
    [InlineData("update schema_migrations set checksum = 'x'", "checksum differs")]
    public async Task OpenAsync_SchemaOfAnotherProgram_IsRefused(string sql, string reason)
    {
        await using (await StoreFixture.OpenAsync(Options))
        {
        }

        await ScalarAsync(sql);

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(Options))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task OpenAsync_NotADatabase_IsRefused()
    {
        await File.WriteAllTextAsync(Options.Path, new string('x', 5000), Cancellation);

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(Options))).Message.ShouldContain("cannot be opened");
    }

    [Fact]
    public async Task OpenAsync_FolderMissing_IsRefused()
    {
        var options = Options with { Path = _folder.File("missing/chat.db") };

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(options))).Message.ShouldContain("does not exist");
    }

    [Fact]
    public async Task OpenAsync_OptionOutOfBounds_NamesOptionValueAndBound()
    {
        var refused = await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(Options with { Readers = 0 }));

        refused.Message.ShouldBe("SqliteStoreOptions.Readers is 0; it must be between 1 and 64.");
    }

    [Fact]
    public async Task OpenAsync_Open_UsesAWriteAheadLog()
    {
        await using var store = await StoreFixture.OpenAsync(Options);

        (await ScalarAsync("pragma journal_mode")).ShouldBe("wal");
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=false");
        connection.Open();
        await using var command = new SqliteCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}

/// <inheritdoc cref="SqliteStartTests" />
public sealed class PostgresStartTests(PostgresServerFixture fixture)
{
    private PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
            return fixture.Server!;
        }
    }

    [Theory]
    [InlineData("fsync", "off")]
    [InlineData("full_page_writes", "off")]
    [InlineData("synchronous_commit", "off")]
    [InlineData("synchronous_commit", "local")]
    public async Task OpenAsync_SettingThatLosesMessages_IsRefusedByName(string setting, string value)
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var unsafeServer = await PostgresServer.StartAsync($"{setting}={value}");
        var options = new PostgresStoreOptions { ConnectionString = await unsafeServer.CreateDatabaseAsync() };

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(options))).Message.ShouldContain($"{setting} = {value}");
    }

    [Theory]
    [InlineData("on", "on")]
    [InlineData("remote_write", "remote_write")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task AppendAsync_ServerReloadsWeakerCommits_CommitsAsItDidAtItsStart(string configured, string expected)
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var server = await PostgresServer.StartAsync();
        var options = new PostgresStoreOptions { ConnectionString = await server.CreateDatabaseAsync(), Writers = 1 };
        await ReloadAsync(configured);
        await using var store = await StoreFixture.OpenAsync(options);
        await ScalarAsync(
            options,
            """
            create table seen (value text);
            create function see() returns trigger language plpgsql as 'begin insert into seen values (current_setting(''synchronous_commit'')); return new; end';
            create trigger see after insert on messages for each row execute function see()
            """);
        var tenant = await CreateAsync(store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);

        await ReloadAsync("off");
        for (var append = 0; append < 10; append++)
        {
            head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")));
        }

        (await ScalarAsync(options, "select string_agg(distinct value, ' ') from seen")).ShouldBe(expected);

        async Task ReloadAsync(string value)
        {
            await ScalarAsync(options, $"alter system set synchronous_commit = {value}");
            await ScalarAsync(options, "select pg_reload_conf()");
            await UntilAsync(async () => value.Equals(await ScalarAsync(options, "show synchronous_commit")));
        }
    }

    [Fact]
    public async Task OpenAsync_AnotherProcessHasTheDatabase_IsRefusedAndWorksAfterItsDeath()
    {
        var options = new PostgresStoreOptions { ConnectionString = await Server.CreateDatabaseAsync() };
        await using var other = WriterProcess.Start("postgres", options.ConnectionString);
        await other.AcknowledgesAsync(1);

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(options))).Message.ShouldContain("in use by another process");
        await other.KillAsync();
        await using var store = await StoreFixture.OpenAsync(options);
    }

    [Fact]
    public async Task OpenAsync_ThisProcessHasTheDatabase_TheOtherIsRefused()
    {
        var options = new PostgresStoreOptions { ConnectionString = await Server.CreateDatabaseAsync() };
        await using var store = await StoreFixture.OpenAsync(options);
        await using var other = WriterProcess.Start("postgres", options.ConnectionString);

        var (code, errors) = await other.ExitAsync();

        code.ShouldBe(3);
        errors.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task AppendAsync_LockLostAndTakenByAnother_RefusesUntilItIsBack()
    {
        var options = new PostgresStoreOptions { ConnectionString = await Server.CreateDatabaseAsync() };
        await using var store = await StoreFixture.OpenAsync(options);
        var tenant = await CreateAsync(store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);
        await using (var thief = new NpgsqlConnection(options.ConnectionString))
        {
            await thief.OpenAsync(Cancellation);
            await using var steal = new NpgsqlCommand(
                """
                select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database());
                select pg_advisory_lock(1667785076, 1886547811)
                """,
                thief);
            await steal.ExecuteNonQueryAsync(Cancellation);

            await UntilAsync(async () => await AppendAsync() is null);
        }

        await UntilAsync(async () => await AppendAsync() is AppendResult.Appended);

        async Task<AppendResult?> AppendAsync()
        {
            try
            {
                var result = await store.Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")), Cancellation);
                head = result is AppendResult.Appended appended ? appended.Head : head;
                return result;
            }
            catch (StoreUnavailableException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task AppendAsync_ServerCrashesAndReturns_IsUnavailableThenWritesAgain()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var server = await PostgresServer.StartAsync();
        await using var store = await StoreFixture.OpenAsync(new PostgresStoreOptions { ConnectionString = await server.CreateDatabaseAsync() });
        var tenant = await CreateAsync(store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);
        await server.CrashAsync();

        for (var attempt = 0; attempt < 10; attempt++)
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => tenant.ReadAsync(conversation, Ann));
            await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.ReadRecentAsync([], TimeSpan.Zero, Cancellation)); // What readiness asks.
            await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")), Cancellation));
        }

        await server.StartAgainAsync();
        await UntilAsync(async () =>
        {
            try
            {
                return await store.Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")), Cancellation) is AppendResult.Appended;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        (await tenant.ReadAsync(conversation, Ann)).ShouldNotBeNull().Messages.Length.ShouldBe(3);
    }

    [Fact]
    public async Task OpenAsync_TwiceAtOnceOnAnEmptyDatabase_MigratesOnce()
    {
        var options = new PostgresStoreOptions { ConnectionString = await Server.CreateDatabaseAsync(), ExclusiveProcess = false };

        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StoreFixture.OpenAsync(options)));

        (await ScalarAsync(options, "select count(*) from schema_migrations")).ShouldBe((long)MigrationScript.Of("Sqlite").Count);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("insert into schema_migrations values (9999, 'future', 'x')", "newer than the program")]
    [InlineData("update schema_migrations set checksum = 'x'", "checksum differs")]
    public async Task OpenAsync_SchemaOfAnotherProgram_IsRefused(string sql, string reason)
    {
        var options = new PostgresStoreOptions { ConnectionString = await Server.CreateDatabaseAsync() };
        await using (await StoreFixture.OpenAsync(options))
        {
        }

        await ScalarAsync(options, sql);

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(options))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task OpenAsync_NoServer_IsRefusedWithTheReason()
    {
        var options = new PostgresStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=x;Database=x" };

        (await Should.ThrowAsync<StoreStartException>(() => StoreFixture.OpenAsync(options))).Message.ShouldContain("cannot be used");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<object?> ScalarAsync(PostgresStoreOptions options, string sql)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
