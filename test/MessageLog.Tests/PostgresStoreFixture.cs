using System.Globalization;
using System.Text;
using Npgsql;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Testing;

[assembly: AssemblyFixture(typeof(OrleansChat.MessageLog.Tests.PostgresServerFixture))]

namespace OrleansChat.MessageLog.Tests;

/// <summary>One server for the whole run; none where PostgreSQL is not installed.</summary>
public sealed class PostgresServerFixture : IAsyncLifetime
{
    public PostgresServer? Server { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.MissingReason is null)
        {
            Server = await PostgresServer.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

public sealed class PostgresStoreFixture(PostgresServerFixture server) : StoreFixture
{
    private string _connectionString = "";

    public override string? SkipReason => PostgresBinaries.MissingReason;

    public override Task<ChatStore> OpenRivalAsync() => OpenAsync((PostgresStoreOptions)Options with { Writers = 2 });

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<long> NumberAsync(string sql)
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public override async Task<string> ExplainAsync(string sql)
    {
        await using var connection = await OpenConnectionAsync();
        await using (var analyze = new NpgsqlCommand("analyze", connection))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand("explain " + sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new StringBuilder();
        while (await reader.ReadAsync())
        {
            plan.AppendLine(reader.GetString(0));
        }

        return plan.ToString();
    }

    public override async Task<IAsyncDisposable> HoldCommitsAsync()
    {
        var connection = await OpenConnectionAsync();
        await using var command = new NpgsqlCommand("begin; lock table conversations in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public override Task PoisonAsync(string text) => ExecuteAsync(
        $"""
        create function poison_{text}() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
        create trigger poison_{text} before insert on messages for each row when (new.text = '{text}') execute function poison_{text}()
        """);

    public override Task AgeAsync() => ExecuteAsync(
        "update messages set stored_at = stored_at - interval '1 hour'; update changes set stored_at = stored_at - interval '1 hour'");

    protected override async Task<StoreOptions> CreateOptionsAsync()
    {
        _connectionString = await server.Server!.CreateDatabaseAsync();
        return new PostgresStoreOptions { ConnectionString = _connectionString, ExclusiveProcess = false, Writers = 1, QueueLengthMax = 256 };
    }

    private async Task<NpgsqlConnection> OpenConnectionAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
