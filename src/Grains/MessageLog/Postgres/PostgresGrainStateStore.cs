using Npgsql;
using OrleansChat.Grains.States;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// States of grains in a PostgreSQL database. Writes run where reads run, which repeat what a broken connection cut off: one
/// that was written then finds its own version and is answered as a conflict, after which its grain reads anew.
/// </summary>
internal sealed class PostgresGrainStateStore(PostgresReaders readers) : IGrainStateStore
{
    private const string Read = "select content::text, version from grain_states where name = $1 and key = $2";

    private const string Add =
        "insert into grain_states (name, key, version, content) values ($1, $2, 1, $3::jsonb) on conflict do nothing returning version";

    private const string Replace =
        "update grain_states set version = version + 1, content = $3::jsonb where name = $1 and key = $2 and version = $4 returning version";

    private const string Remove = "delete from grain_states where name = $1 and key = $2 and version = $3 returning version";

    public Task<StoredGrainState?> ReadAsync(string name, string key, CancellationToken cancellationToken) =>
        readers.ReadAsync<StoredGrainState?>(
            Read,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
                ? new StoredGrainState(reader.GetString(0), reader.GetInt64(1))
                : null,
            cancellationToken,
            Text(name),
            Text(key));

    public Task<long?> WriteAsync(string name, string key, string content, long? version, CancellationToken cancellationToken) =>
        version is { } replaced
            ? readers.ReadAsync(Replace, VersionAsync, cancellationToken, Text(name), Text(key), Text(content), Number(replaced))
            : readers.ReadAsync(Add, VersionAsync, cancellationToken, Text(name), Text(key), Text(content));

    public async Task<bool> RemoveAsync(string name, string key, long version, CancellationToken cancellationToken) =>
        await readers.ReadAsync(Remove, VersionAsync, cancellationToken, Text(name), Text(key), Number(version)).ConfigureAwait(false) is not null;

    private static async Task<long?> VersionAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetInt64(0) : null;

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
