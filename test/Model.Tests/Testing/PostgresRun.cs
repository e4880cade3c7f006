[assembly: AssemblyFixture(typeof(OrleansChat.Model.Tests.Testing.PostgresRun))]

namespace OrleansChat.Model.Tests.Testing;

/// <summary>One PostgreSQL server for the whole run, started by the first test that needs it.</summary>
public sealed class PostgresRun : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync("max_connections=100"));

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
