using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Which servers can hold the truth: those that do not lose what they have acknowledged.</summary>
internal static class PostgresSettings
{
    private const string Ask =
        """
        select current_setting('fsync'), current_setting('full_page_writes'),
            (select reset_val from pg_settings where name = 'synchronous_commit'),
            current_setting('server_encoding'), current_setting('server_version_num')::int
        """;

    private const string CommitsAsNowOrSafer =
        """
        select set_config('synchronous_commit',
            case when current_setting('synchronous_commit') in ('remote_apply', 'remote_write') then current_setting('synchronous_commit') else 'on' end,
            false)
        """;

    private const int VersionMin = 140000;

    /// <exception cref="StoreStartException">Names the setting.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Ask, connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        Refuse("fsync", reader.GetString(0), "acknowledged messages would be lost or damaged when the server's machine stops");
        Refuse("full_page_writes", reader.GetString(1), "pages could be damaged when the server's machine stops");
        // As configured: what holds on this connection is what FixCommitsAsync has set.
        if (reader.GetString(2) is var commits and not ("on" or "remote_apply" or "remote_write"))
        {
            throw Refusal("synchronous_commit", commits, "acknowledged messages could be lost when the server or its standby stops", "on, remote_apply or remote_write");
        }

        if (reader.GetString(3) != "UTF8")
        {
            throw new StoreStartException($"The database's encoding is {reader.GetString(3)}; it must be UTF8.");
        }

        if (reader.GetInt32(4) < VersionMin)
        {
            throw new StoreStartException($"The PostgreSQL server is version {reader.GetInt32(4) / 10000}; it must be {VersionMin / 10000} or later.");
        }
    }

    /// <summary>
    /// For a new connection: its commits wait as they do now, or longer, for as long as it lives. Without this, settings
    /// that the server reloads later would weaken acknowledgements.
    /// </summary>
    internal static void FixCommits(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(CommitsAsNowOrSafer, connection);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc cref="FixCommits" />
    internal static async Task FixCommitsAsync(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(CommitsAsNowOrSafer, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private static void Refuse(string setting, string value, string consequence)
    {
        if (value == "off")
        {
            throw Refusal(setting, value, consequence, "on");
        }
    }

    private static StoreStartException Refusal(string setting, string value, string consequence, string remedy) =>
        new($"The PostgreSQL server has {setting} = {value}: {consequence}. Set it to {remedy}.");
}
