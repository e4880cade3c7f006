using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Callers;

/// <summary>CORS does not protect WebSockets, so the <c>Origin</c> is compared here, exactly (G6).</summary>
internal sealed class OriginPolicy(IOptionsMonitor<OriginOptions> options, IHostEnvironment environment, IServer server)
{
    internal bool IsAllowed(string origin) =>
        options.CurrentValue.Allowed.Contains(origin, StringComparer.Ordinal) || (environment.IsDevelopment() && OwnOrigins().Contains(origin, StringComparer.Ordinal));

    private IEnumerable<string> OwnOrigins()
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback)
            {
                yield return $"{uri.Scheme}://localhost:{uri.Port}";
                yield return $"{uri.Scheme}://127.0.0.1:{uri.Port}";
            }
        }
    }
}
