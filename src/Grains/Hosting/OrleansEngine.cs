using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace OrleansChat.Grains.Hosting;

/// <summary>
/// What Orleans must know of the grains: a caller is told that the store is unavailable, with the database's own
/// exception as the reason. Of an exception of a namespace that Orleans does not know it would send neither.
/// </summary>
internal static class GrainsEngine
{
    internal static void AddEngine(IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(Npgsql)));
}
