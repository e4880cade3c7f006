namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>
/// One server for all tests of a class: most need a tenant that nobody has touched, and not a server that nobody has. Tests that are
/// about settings, time or failures have a server of their own.
/// </summary>
public class SharedServer : IAsyncLifetime
{
    private ChatServer _server = null!;
    private int _tenants;

    internal virtual ChatSetup Setup => new();

    /// <summary>Everything that it logged.</summary>
    internal LogBook Logs => _server.Logs;

    /// <summary>The server, with people of a tenant that only this test knows.</summary>
    internal ChatServer ForOneTest() => _server.Of($"{Helpdesk.Tenant}{++_tenants}");

    public async ValueTask InitializeAsync() => _server = await ChatServer.StartAsync(Setup);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }
}
