using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Gateway.Fanout;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A gateway's link to its grains, whose calls fail when and as the test says.</summary>
internal sealed class FlakyLink(Func<IGrainLink> own) : IGrainLink
{
    private readonly Lazy<IGrainLink> _own = new(own);

    internal Exception? Failure { get; set; }

    public IClusterClient Client => Failure is { } failure ? throw failure : _own.Value.Client;

    /// <summary>Puts it in front of the gateway's own.</summary>
    internal static void Replace(WebApplicationBuilder gateway)
    {
        var own = gateway.Services.Last(service => service.ServiceType == typeof(IGrainLink));
        gateway.Services.AddSingleton(services => new FlakyLink(() => (IGrainLink)(
            own.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, own.ImplementationType!))));
        gateway.Services.AddSingleton<IGrainLink>(services => services.GetRequiredService<FlakyLink>());
    }
}
