using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Which servers can hold the truth: those that do not lose what they have acknowledged.</summary>
internal static class PostgresSettings
{
    private const string Ask =
        """
        select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
            current_setting('server_encoding'), current_setting('server_version_num')::int
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
        Refuse("synchronous_commit", reader.GetString(2), "acknowledged messages could be lost when the server stops");
        if (reader.GetString(3) != "UTF8")
        {
            throw new StoreStartException($"The database's encoding is {reader.GetString(3)}; it must be UTF8.");
        }

        if (reader.GetInt32(4) < VersionMin)
        {
            throw new StoreStartException($"The PostgreSQL server is version {reader.GetInt32(4) / 10000}; it must be {VersionMin / 10000} or later.");
        }
    }

    private static void Refuse(string setting, string value, string consequence)
    {
        if (value == "off")
        {
            throw new StoreStartException($"The PostgreSQL server has {setting} = off: {consequence}. Set it to on.");
        }
    }
}
