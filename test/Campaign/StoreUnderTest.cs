using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansChat.Checker;

namespace OrleansChat.Campaign;

/// <summary>A store as the gateway is configured to use it, and its tables as an outsider reads them.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private const int Text = 1;

    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Everything that is stored, without the program's own reading code.</summary>
    public async Task<IReadOnlyList<StoredConversation>> ReadAsync()
    {
        var heads = await QueryAsync("select conversation_id, seq, rev from conversations", row => (Id: row.Text(0), Seq: row.Number(1), Rev: row.Number(2)));
        var memberships = (await QueryAsync(
            "select conversation_id, user_id, joined_seq, coalesce(left_seq, 0) from participants",
            row => (Id: row.Text(0), Membership: new StoredMembership(row.Text(1), row.Number(2), row.Number(3) is > 0 and var left ? left : null))))
            .ToLookup(row => row.Id, row => row.Membership);
        var messages = (await QueryAsync(
            $"select conversation_id, seq, rev, kind, author_id, client_id, text, {TimeMilliseconds} from messages",
            row => (Id: row.Text(0), Message: new StoredMessage
            {
                Seq = row.Number(1),
                Rev = row.Number(2),
                IsText = row.Number(3) == Text,
                Author = row.Text(4),
                Id = row.Id(5),
                Hash = History.HashOf(row.Text(6)),
                Time = row.Number(7),
            }))).ToLookup(row => row.Id, row => row.Message);
        var revs = (await QueryAsync("select conversation_id, rev from conversation_changes", row => (Id: row.Text(0), Rev: row.Number(1)))).ToLookup(row => row.Id, row => row.Rev);
        return
        [
            .. heads.Select(head => new StoredConversation
            {
                Id = head.Id,
                HeadSeq = head.Seq,
                HeadRev = head.Rev,
                Memberships = [.. memberships[head.Id]],
                Messages = [.. messages[head.Id]],
                Revs = [.. revs[head.Id]],
            }),
        ];
    }

    public abstract ValueTask DisposeAsync();

    protected abstract string TimeMilliseconds { get; }

    protected abstract Task<System.Data.Common.DbConnection> OpenAsync();

    private async Task<List<T>> QueryAsync<T>(string sql, Func<Row, T> read)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the literals above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(new Row(reader)));
        }

        return rows;
    }

    private readonly struct Row(System.Data.Common.DbDataReader reader)
    {
        internal string Text(int column) => reader.GetString(column);

        internal long Number(int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

        internal Guid Id(int column) => reader.GetValue(column) is byte[] bytes ? new Guid(bytes, bigEndian: true) : reader.GetGuid(column);
    }
}

public sealed class SqliteUnderTest(string folder) : StoreUnderTest
{
    private readonly string _path = Path.Combine(folder, "chat.db");

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Store:Provider"] = "Sqlite",
        ["Store:Path"] = _path,
    };

    protected override string TimeMilliseconds => "created_at / 1000";

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<System.Data.Common.DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={_path};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}

public sealed class PostgresUnderTest : StoreUnderTest
{
    private readonly string _connectionString;

    /// <summary>A database of a server that somebody else ends.</summary>
    public PostgresUnderTest(PostgresServer server, string connectionString) => (Server, _connectionString) = (server, connectionString);

    public PostgresServer Server { get; }

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Store:Provider"] = "Postgres",
        ["Store:ConnectionString"] = _connectionString,
    };

    protected override string TimeMilliseconds => "floor(extract(epoch from created_at) * 1000)::bigint";

    public static async Task<PostgresUnderTest> StartAsync()
    {
        var server = await PostgresServer.StartAsync();
        return new PostgresUnderTest(server, await server.CreateDatabaseAsync());
    }

    public override ValueTask DisposeAsync() => Server.DisposeAsync();

    protected override async Task<System.Data.Common.DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
