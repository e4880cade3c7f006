using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Testing;

namespace OrleansChat.MessageLog.Tests;

public sealed class SqliteStoreFixture : StoreFixture
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("chat.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    public override Task<ChatStore> OpenRivalAsync() => Task.FromResult(Store);

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = Open();
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<long> NumberAsync(string sql)
    {
        await using var connection = Open();
        await using var command = new SqliteCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public override async Task<string> ExplainAsync(string sql)
    {
        await using var connection = Open();
        await using var command = new SqliteCommand("explain query plan " + sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new StringBuilder();
        while (await reader.ReadAsync())
        {
            plan.AppendLine(reader.GetString(3));
        }

        return plan.ToString();
    }

    public override async Task<IAsyncDisposable> HoldCommitsAsync()
    {
        var connection = Open();
        await using var command = new SqliteCommand("begin immediate", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public override Task PoisonAsync(string text) => ExecuteAsync(
        $"create trigger poison_{text} before insert on messages when new.text = '{text}' begin select raise(abort, 'poison'); end");

    public override Task AgeAsync() => ExecuteAsync(
        "update messages set stored_at = stored_at - 3600000000; update changes set stored_at = stored_at - 3600000000");

    protected override Task<StoreOptions> CreateOptionsAsync() => Task.FromResult<StoreOptions>(new SqliteStoreOptions { Path = Path, QueueLengthMax = 256 });

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        connection.Open();
        return connection;
    }
}
