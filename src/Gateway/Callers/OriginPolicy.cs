using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Callers;

/// <summary>CORS does not protect WebSockets, so the <c>Origin</c> is compared here, exactly (G6).</summary>
internal sealed class OriginPolicy(IOptionsMonitor<OriginOptions> options, IHostEnvironment environment, IServer server)
{
    internal bool IsAllowed(string origin) =>
        options.CurrentValue.Allowed.Contains(origin, StringComparer.Ordinal) || (environment.IsDevelopment() && OwnOrigins().Contains(origin, StringComparer.Ordinal));

    /// <summary>
    /// True for a request by a page of this gateway itself. Browsers say so, and no page can say it in another's place: with an
    /// <c>Origin</c> that names the host that is called, or, where they leave that out because nothing is changed, with <c>Sec-Fetch-Site</c>.
    /// </summary>
    internal bool IsOwnPage(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            ? IsAllowed(origin) && Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            : (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers["Sec-Fetch-Site"] == "same-origin";
    }

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
