using OrleansChat.Testing;

[assembly: AssemblyFixture(typeof(OrleansChat.Browser.Tests.PostgresRun))]

namespace OrleansChat.Browser.Tests;

/// <summary>One PostgreSQL server for the whole run, started by the first test that needs it.</summary>
public sealed class PostgresRun : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.StartAsync("max_connections=100"));

    /// <summary>Settings of a gateway with a new, empty database.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> NewStoreAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Folder is null, "No PostgreSQL server is installed (Debian package: postgresql).");
        var run = (await TestContext.Current.GetFixture<PostgresRun>())!;
        return new Dictionary<string, string>
        {
            ["Store:Provider"] = "Postgres",
            ["Store:ConnectionString"] = await (await run._server.Value).CreateDatabaseAsync(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}

/// <summary>The same desk with PostgreSQL below it.</summary>
public sealed class PostgresDesk : Desk
{
    protected override Task<IReadOnlyDictionary<string, string>> SettingsAsync() => PostgresRun.NewStoreAsync();
}

/// <inheritdoc />
public sealed class TalkingOnPostgresTests(ChromiumFixture chromium) : TalkingTests(chromium)
{
    protected override Task<IReadOnlyDictionary<string, string>> StoreAsync() => PostgresRun.NewStoreAsync();
}

/// <inheritdoc />
public sealed class PanesOnSqliteTests(Desk desk) : PanesTests(desk), IClassFixture<Desk>;

/// <inheritdoc />
public sealed class PanesOnPostgresTests(PostgresDesk desk) : PanesTests(desk), IClassFixture<PostgresDesk>;
