using Npgsql;
using static OrleansChat.Grains.MessageLog.Postgres.PostgresCommands;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// What Orleans' ADO.NET providers rely on. They notice some of it when they start and the rest in the middle of a
/// failure, as when a statement that is needed once a day is missing; so all of it is looked at before a silo starts.
/// </summary>
internal static class ClusterTables
{
    private const string Queries = "OrleansQuery";
    private const string Versions = "OrleansMembershipVersionTable";
    private const string Members = "OrleansMembershipTable";
    private const string States = "OrleansStorage";

    private const string MissingTables = "select name from unnest($1) with ordinality as expected (name, place) where to_regclass(name) is null order by place";

    private const string MissingKeys =
        """
        select key from unnest($1) with ordinality as expected (key, place)
        where not exists (select from OrleansQuery where QueryKey = key) order by place
        """;

    private const string WrongTimes =
        """
        select expected.in_table || '.' || expected.name || ' ' || coalesce('is ' || format_type(actual.atttypid, null), 'is missing')
        from unnest($1, $2) with ordinality as expected (in_table, name, place)
        left join pg_attribute actual
            on actual.attrelid = to_regclass(expected.in_table) and actual.attname = lower(expected.name) and not actual.attisdropped
        where actual.atttypid is distinct from 'timestamptz'::regtype
        order by place
        """;

    private static readonly string[] Tables = [Queries, Versions, Members, States];

    private static readonly string[] QueryKeys =
    [
        "InsertMembershipVersionKey", "InsertMembershipKey", "UpdateMembershipKey", "UpdateIAmAlivetimeKey",
        "MembershipReadRowKey", "MembershipReadAllKey", "GatewaysQueryKey",
        "CleanupDefunctSiloEntriesKey", "DeleteMembershipTableEntriesKey",
        "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
    ];

    private static readonly (string Table, string Column)[] Times =
    [
        (Versions, "Timestamp"), (Members, "StartTime"), (Members, "IAmAliveTime"), (States, "ModifiedOn"),
    ];

    /// <exception cref="StoreStartException">Names what is missing or of another type.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Refuse("lacks tables of Orleans that its schema had", await NamesAsync(MissingTables, Parameter(Tables)).ConfigureAwait(false));
        Refuse("lacks rows of OrleansQuery that its schema had", await NamesAsync(MissingKeys, Parameter(QueryKeys)).ConfigureAwait(false));
        Refuse(
            "has columns that must be timestamp with time zone",
            await NamesAsync(
                WrongTimes,
                Parameter(Times.Select(time => time.Table).ToArray()),
                Parameter(Times.Select(time => time.Column).ToArray())).ConfigureAwait(false));

        Task<List<string>> NamesAsync(string sql, params NpgsqlParameter[] parameters) =>
            connection.ReadAsync(sql, reader => reader.GetString(0), cancellationToken, parameters);

        void Refuse(string what, List<string> names)
        {
            if (names.Count > 0)
            {
                throw new StoreStartException($"The database {connection.Database} {what}: {string.Join(", ", names)}. Restore what was changed after 'migrate'.");
            }
        }
    }
}
