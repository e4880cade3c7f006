using Microsoft.Extensions.DependencyInjection;

namespace OrleansChat.Grains.Hosting;

/// <summary>The embedded engine hands over answers and exceptions as they are, and has no database of its own.</summary>
internal static class GrainsEngine
{
    internal static void AddEngine(IServiceCollection services) => services.AddGrainStatesInStore();
}
