using System.CommandLine;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.Import;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.MessageLog.Copying;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hosting;

/// <summary>With the embedded engine this process hosts the grains and their store, and is the only one to do so.</summary>
internal static class ChatEngine
{
    /// <summary>Less than the gateway's deadline for a hub call (8 s), more than the store's for a statement (5 s).</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);

    internal static void AddCommands(RootCommand root, string[] settings)
    {
        root.Subcommands.Add(ImportCommand.Create(settings, exclusive: true));
        root.Subcommands.Add(CopyStoreCommand.Create(settings));
    }

    /// <summary>A call was refused because too much is waiting for the grain.</summary>
    internal static bool IsOverload(Exception exception) => exception is LimitExceededException;

    internal static void AddEngine(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddChatStore(StoreConfiguration.Read(builder.Configuration, exclusive: true));
        services.AddChatGrains();
        services.AddRetention();
        builder.UseOrleans(silo => silo
            .AddGrains(typeof(GrainsServices).Assembly)
            .AddMemoryStreams(TenantStreams.Provider)
            .Services.Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CancelRequestOnTimeout = true;
                options.MaxEnqueuedRequestsHardLimit = 2_000;
            }));
        services.AddSingleton<IGrainLink, SameProcess>();
        services.AddSingleton<IValidateOptions<FanoutOptions>, SameStreamShards>();
        services.AddSingleton<IValidateOptions<CallLimitOptions>, SameTextLimits>();
        services.AddDemoSeeding();
    }
}

/// <summary>The grains are here: there is nothing to lose contact with.</summary>
internal sealed class SameProcess(IClusterClient client) : IGrainLink
{
    public IClusterClient Client => client;
}

/// <summary>Events go to as many streams as are listened to.</summary>
internal sealed class SameStreamShards(IOptions<ConversationOptions> grains) : IValidateOptions<FanoutOptions>
{
    public ValidateOptionsResult Validate(string? name, FanoutOptions options) =>
        options.StreamShards == grains.Value.StreamShards
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Fanout:StreamShards is {options.StreamShards}; it must be {grains.Value.StreamShards} like Conversations:StreamShards.");
}

/// <summary>Clients are told the limits that are in force.</summary>
internal sealed class SameTextLimits(IOptions<ConversationOptions> grains) : IValidateOptions<CallLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, CallLimitOptions options) =>
        options.TextScalarsMax == grains.Value.TextScalarsMax && options.TextBytesMax == grains.Value.TextBytesMax
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Limits:TextScalarsMax and Limits:TextBytesMax must be those of Conversations.");
}
