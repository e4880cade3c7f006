namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Brings the file's schema up to the program's, all of it or nothing, with the file locked.</summary>
internal static class SqliteMigrator
{
    private const string CreateTable =
        """
        create table if not exists schema_migrations (
            version integer not null primary key,
            name text not null,
            checksum text not null,
            applied_at integer not null
        )
        """;

    private const string ReadApplied = "select version, checksum from schema_migrations";
    private const string Record = "insert into schema_migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)";

    internal static IReadOnlyList<MigrationScript> Scripts { get; } = MigrationScript.Of("Sqlite");

    /// <returns>The steps that were applied now.</returns>
    internal static IReadOnlyList<MigrationScript> Migrate(SqliteSession session, DateTimeOffset now)
    {
        session.Execute(SqliteWriter.BeginExclusive);
        try
        {
            session.Execute(CreateTable);
            var applied = new List<(int, string)>();
            using (var reader = session.Query(ReadApplied))
            {
                while (reader.Read())
                {
                    applied.Add((reader.GetInt32(0), reader.GetString(1)));
                }
            }

            var pending = MigrationScript.Pending(Scripts, applied);
            foreach (var script in pending)
            {
                session.RunScript(script.Sql);
                session.Execute(Record, (long)script.Version, script.Name, script.Checksum, StoredTime.ToMicroseconds(now));
            }

            session.Execute(SqliteWriter.Commit);
            return pending;
        }
        catch
        {
            session.Execute(SqliteWriter.Rollback);
            throw;
        }
    }
}
