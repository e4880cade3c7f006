using System.Net;

namespace OrleansChat.Hosting;

/// <summary>Addresses that the internet does not route: loopback, RFC 1918, RFC 6598, link-local and unique local ones.</summary>
internal static class PrivateNetwork
{
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    internal static bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(Networks, network => network.Contains(plain));
    }
}
