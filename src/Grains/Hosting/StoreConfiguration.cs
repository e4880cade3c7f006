using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Grains.Hosting;

/// <summary>Which store, from the configuration (section <c>Store</c>).</summary>
public sealed class StoreConfiguration
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Store";

    /// <summary><c>Sqlite</c> or <c>Postgres</c>.</summary>
    [AllowedValues("Sqlite", "Postgres")]
    public string Provider { get; set; } = "Sqlite";

    /// <summary>SQLite: the database file. Its folder is created.</summary>
    public string Path { get; set; } = System.IO.Path.Combine("data", "chat.db");

    /// <summary>PostgreSQL: how to connect.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>PostgreSQL: <see cref="PostgresStoreOptions.Writers"/>.</summary>
    public int? Writers { get; set; }

    /// <summary>How many reads run at the same time; each kind of store has its own default and bound.</summary>
    public int? Readers { get; set; }

    /// <inheritdoc cref="StoreOptions.QueueLengthMax" />
    public int? QueueLengthMax { get; set; }

    /// <inheritdoc cref="StoreOptions.QueueTimeMax" />
    public TimeSpan? QueueTimeMax { get; set; }

    /// <inheritdoc cref="StoreOptions.CommitAppendsMax" />
    public int? CommitAppendsMax { get; set; }

    /// <inheritdoc cref="StoreOptions.CommitRowsMax" />
    public int? CommitRowsMax { get; set; }

    /// <summary>The store's options as configured.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="exclusive">Whether this process must be the only one on the database.</param>
    /// <exception cref="StoreStartException">The configuration names no store that can be used.</exception>
    public static StoreOptions Read(IConfiguration configuration, bool exclusive)
    {
        var store = Bind(configuration.GetSection(Section));
        StoreOptions options = store.Provider switch
        {
            "Sqlite" => Sqlite(store),
            "Postgres" when !string.IsNullOrWhiteSpace(store.ConnectionString) => Postgres(store, store.ConnectionString, exclusive),
            "Postgres" => throw new StoreStartException("Store:ConnectionString is empty; Store:Provider Postgres needs it."),
            _ => throw new StoreStartException($"Store:Provider is '{store.Provider}'; it must be Sqlite or Postgres."),
        };
        options = options with
        {
            QueueLengthMax = store.QueueLengthMax ?? options.QueueLengthMax,
            QueueTimeMax = store.QueueTimeMax ?? options.QueueTimeMax,
            CommitAppendsMax = store.CommitAppendsMax ?? options.CommitAppendsMax,
            CommitRowsMax = store.CommitRowsMax ?? options.CommitRowsMax,
        };
        options.Validate(Section + ":");
        if (options is SqliteStoreOptions sqlite && System.IO.Path.GetDirectoryName(sqlite.Path) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return options;
    }

    private static StoreConfiguration Bind(IConfigurationSection section)
    {
        try
        {
            return section.Get<StoreConfiguration>() ?? new StoreConfiguration();
        }
        catch (InvalidOperationException exception)
        {
            throw new StoreStartException(exception.Message, exception); // Names the setting and its value.
        }
    }

    private static SqliteStoreOptions Sqlite(StoreConfiguration store)
    {
        var options = new SqliteStoreOptions { Path = System.IO.Path.GetFullPath(store.Path) };
        return options with { Readers = store.Readers ?? options.Readers };
    }

    private static PostgresStoreOptions Postgres(StoreConfiguration store, string connectionString, bool exclusive)
    {
        var options = new PostgresStoreOptions { ConnectionString = connectionString, ExclusiveProcess = exclusive };
        return options with { Writers = store.Writers ?? options.Writers, Readers = store.Readers ?? options.Readers };
    }
}
