using OrleansChat.Grains.States;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>States of grains in a SQLite file.</summary>
internal sealed class SqliteGrainStateStore(SqliteWriter writer, SqliteReaders readers) : IGrainStateStore
{
    private const string Read = "select content, version from grain_states where name = $1 and key = $2";

    public Task<StoredGrainState?> ReadAsync(string name, string key, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadOne(session, name, key), cancellationToken);

    public Task<long?> WriteAsync(string name, string key, string content, long? version, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteWriteState(name, key, content, version), cancellationToken);

    public Task<bool> RemoveAsync(string name, string key, long version, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteRemoveState(name, key, version), cancellationToken);

    private static StoredGrainState? ReadOne(SqliteSession session, string name, string key)
    {
        using var reader = session.Query(Read, name, key);
        return reader.Read() ? new StoredGrainState(reader.GetString(0), reader.GetInt64(1)) : null;
    }

    private sealed class SqliteWriteState(string name, string key, string content, long? version) : SqliteWork<long?>
    {
        private const string Add = "insert into grain_states (name, key, version, content) values ($1, $2, 1, $3) on conflict do nothing";
        private const string Replace = "update grain_states set version = version + 1, content = $3 where name = $1 and key = $2 and version = $4";

        private protected override (long? Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            var written = version is null ? session.Execute(Add, name, key, content) : session.Execute(Replace, name, key, content, version);
            return written == 1 ? ((version ?? 0) + 1, true) : (null, false);
        }
    }

    private sealed class SqliteRemoveState(string name, string key, long version) : SqliteWork<bool>
    {
        private const string Remove = "delete from grain_states where name = $1 and key = $2 and version = $3";

        private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            var removed = session.Execute(Remove, name, key, version) == 1;
            return (removed, removed);
        }
    }
}
