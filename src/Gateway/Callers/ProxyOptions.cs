using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace OrleansChat.Gateway.Callers;

/// <summary>The proxies in front of this gateway (section <c>Proxies</c>); only what they forward is believed.</summary>
internal sealed class ProxyOptions
{
    internal const string Section = "Proxies";

    /// <summary>
    /// Addresses, or networks (<c>10.1.0.0/16</c>) where proxies come and go, whose <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> say who called and how.
    /// </summary>
    public IList<string> Known { get; } = [];

    /// <summary>An address is the network that holds it alone.</summary>
    internal static bool TryParse(string known, out IPNetwork network)
    {
        if (IPAddress.TryParse(known, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(known, out network);
    }
}

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var wrong = options.Known.Where(known => !ProxyOptions.TryParse(known, out _)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(known => $"Proxies:Known: '{known}' is neither an IP address nor a network such as 10.1.0.0/16."));
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
        foreach (var proxies in known)
        {
            if (ProxyOptions.TryParse(proxies, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
        }

        app.UseForwardedHeaders(options);
    }
}
