using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Callers;

/// <summary>The proxies in front of this gateway (section <c>Proxies</c>); only what they forward is believed.</summary>
internal sealed class ProxyOptions
{
    internal const string Section = "Proxies";

    /// <summary>Addresses whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> say who called and how.</summary>
    public IList<string> Known { get; } = [];
}

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var wrong = options.Known.Where(address => !IPAddress.TryParse(address, out _)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(address => $"Proxies:Known: '{address}' is not an IP address."));
    }
}

internal static class Proxies
{
    /// <summary>Without it all callers behind a proxy would share the proxy's address, and its limits.</summary>
    internal static void UseKnownProxies(this WebApplication app)
    {
        var known = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Known;
        if (known.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var address in known)
        {
            options.KnownProxies.Add(IPAddress.Parse(address));
        }

        app.UseForwardedHeaders(options);
    }
}
