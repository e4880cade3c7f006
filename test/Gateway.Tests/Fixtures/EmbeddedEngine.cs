using Microsoft.AspNetCore.Builder;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>The grains of a test's gateway: with the embedded engine they live in it, with its clock and its log.</summary>
internal sealed class GrainHost : IAsyncDisposable
{
    private readonly ChatSetup _setup;

    private GrainHost(ChatSetup setup) => _setup = setup;

    /// <summary>Options that only this engine has.</summary>
    internal static (Type Options, string Section)[] Sections => [];

    internal static Task<GrainHost> StartAsync(ChatSetup setup, string storePath, LogBook logs)
    {
        _ = (storePath, logs); // The gateway's.
        return Task.FromResult(new GrainHost(setup));
    }

    /// <summary>What a gateway must be told to be composed.</summary>
    internal static string[] SettingsOf(string storePath) => [$"--Store:Path={storePath}"];

    /// <summary>Brings gateway and grains together.</summary>
    internal void Join(WebApplicationBuilder gateway) => _setup.ConfigureGrains?.Invoke(gateway.Services);

    internal static IServiceProvider ServicesOf(GrainHost grains, WebApplication gateway)
    {
        _ = grains;
        return gateway.Services;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
