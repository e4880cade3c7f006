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

    /// <summary>The store's options as configured.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="exclusive">Whether this process must be the only one on the database.</param>
    /// <exception cref="StoreStartException">The configuration names no store that can be used.</exception>
    public static StoreOptions Read(IConfiguration configuration, bool exclusive)
    {
        var store = configuration.GetSection(Section).Get<StoreConfiguration>() ?? new StoreConfiguration();
        switch (store.Provider)
        {
            case "Sqlite":
                if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(store.Path)) is { } folder)
                {
                    Directory.CreateDirectory(folder);
                }

                return new SqliteStoreOptions { Path = System.IO.Path.GetFullPath(store.Path) };
            case "Postgres" when !string.IsNullOrWhiteSpace(store.ConnectionString):
                return new PostgresStoreOptions { ConnectionString = store.ConnectionString, ExclusiveProcess = exclusive };
            case "Postgres":
                throw new StoreStartException("Store:ConnectionString is empty; Store:Provider Postgres needs it.");
            default:
                throw new StoreStartException($"Store:Provider is '{store.Provider}'; it must be Sqlite or Postgres.");
        }
    }
}
