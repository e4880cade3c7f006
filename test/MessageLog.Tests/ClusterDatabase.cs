using System.Data;
using Npgsql;
using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>A migrated database, used as Orleans' providers use it: by the texts of OrleansQuery and named parameters.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ClusterDatabase(string connectionString) => _source = NpgsqlDataSource.Create(connectionString);

    /// <param name="settings">What the server's sessions differ in, such as <c>plpgsql.check_asserts=off</c>.</param>
    internal static async Task<ClusterDatabase> CreateAsync(PostgresServer server, string? settings = null)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await PostgresSchema.MigrateAsync(connectionString, "Cluster:ConnectionString", PostgresSchemas.Cluster, Cancellation);
        var options = settings is null ? null : $"-c {settings}";
        return new ClusterDatabase(new NpgsqlConnectionStringBuilder(connectionString) { Options = options, Pooling = true }.ToString());
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>The first row that a statement of OrleansQuery returns; null when it returns none.</summary>
    internal async Task<IReadOnlyDictionary<string, object?>?> AskAsync(string key, params (string Name, object? Value)[] parameters) =>
        (await AskAllAsync(key, parameters)).FirstOrDefault();

    /// <inheritdoc cref="AskAsync" />
    internal async Task<List<IReadOnlyDictionary<string, object?>>> AskAllAsync(string key, params (string Name, object? Value)[] parameters) =>
        await RunAsync(await TextAsync(key), parameters);

    /// <summary>How the server would run a statement of OrleansQuery.</summary>
    internal async Task<string> ExplainAsync(string key, params (string Name, object? Value)[] parameters) =>
        string.Join('\n', (await RunAsync("explain " + await TextAsync(key), parameters)).Select(line => line.Values.Single()));

    internal async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private async Task<string> TextAsync(string key) =>
        ((string?)await ScalarAsync($"select QueryText from OrleansQuery where QueryKey = '{key}'")).ShouldNotBeNull();

    private async Task<List<IReadOnlyDictionary<string, object?>>> RunAsync(string text, (string Name, object? Value)[] parameters)
    {
        await using var command = _source.CreateCommand(text);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name, Value = value ?? DBNull.Value, DbType = TypeOf(name) });
        }

        var rows = new List<IReadOnlyDictionary<string, object?>>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column), StringComparer.OrdinalIgnoreCase));
        }

        return rows;
    }

    private static DbType TypeOf(string parameter) => parameter switch
    {
        "GrainIdN0" or "GrainIdN1" => DbType.Int64,
        "GrainIdHash" or "GrainTypeHash" or "GrainStateVersion" or "Port" or "Generation" or "Status" or "ProxyPort" or "Version" => DbType.Int32,
        "StartTime" or "IAmAliveTime" => DbType.DateTime,
        "PayloadBinary" => DbType.Binary,
        _ => DbType.String,
    };
}
