using Npgsql;
using NpgsqlTypes;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>A prepared statement that takes columns as arrays; its lists are filled anew for every batch.</summary>
internal abstract class PostgresStatement<TWork, TAnswer>(NpgsqlConnection connection, string sql) : IAsyncDisposable
{
    private readonly List<Action> _clears = [];

    private protected NpgsqlCommand Command { get; } = new(sql, connection);

    /// <summary>False once the connection broke, for instance while it was idle.</summary>
    internal bool IsUsable => connection.FullState == System.Data.ConnectionState.Open;

    public async ValueTask DisposeAsync()
    {
        await Command.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    internal Task PrepareAsync() => Command.PrepareAsync();

    /// <returns>The answers in the order of the works.</returns>
    internal async Task<TAnswer[]> ExecuteAsync(IReadOnlyList<TWork> works)
    {
        _clears.ForEach(static clear => clear());
        for (var i = 0; i < works.Count; i++)
        {
            Fill(works[i], i);
        }

        var reader = await Command.ExecuteReaderAsync().ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        return await ReadAsync(works, reader).ConfigureAwait(false);
    }

    private protected abstract void Fill(TWork work, int index);

    private protected abstract Task<TAnswer[]> ReadAsync(IReadOnlyList<TWork> works, NpgsqlDataReader reader);

    /// <summary>The next parameter: a column of values.</summary>
    private protected List<T> Column<T>(NpgsqlDbType type)
    {
        var values = new List<T>();
        _clears.Add(values.Clear);
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        return values;
    }
}
