using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansChat.Load.Servers;

/// <summary>
/// What SignalR alone costs: a hub that sends every post to a group at once, without store, grains, sessions or limits.
/// Frames have the shape and size of the gateway's, so that the two can be compared.
/// </summary>
internal sealed class BareHub : Hub
{
    internal const string Path = "/hub";

    private static readonly ConcurrentDictionary<string, StrongBox> Revs = new(StringComparer.Ordinal);

    /// <summary>Runs it until the process is told to end.</summary>
    internal static async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR().AddJsonProtocol();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapHub<BareHub>(Path, options => options.Transports = HttpTransportType.WebSockets);
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync("Open " + app.Urls.First());
        await app.WaitForShutdownAsync(cancellationToken);
    }

    internal static string TargetOf(string conversation) => $"{Path}?conversation={Uri.EscapeDataString(conversation)}";

    public override Task OnConnectedAsync() =>
        Groups.AddToGroupAsync(Context.ConnectionId, Context.GetHttpContext()!.Request.Query["conversation"].ToString());

    public async Task<object> Post(JsonElement request)
    {
        var conversation = request.GetProperty("conversationId").GetString()!;
        var rev = Revs.GetOrAdd(conversation, static _ => new StrongBox()).Next();
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        await Clients.Group(conversation).SendAsync("messagePosted", new
        {
            conversationId = conversation,
            rev,
            message = new
            {
                seq = rev,
                rev,
                kind = "text",
                author = new { userId = LoadTenant.User(0).Value, name = LoadTenant.Name(0) },
                clientId = request.GetProperty("clientId").GetString(),
                text = request.GetProperty("text").GetString(),
                time,
            },
        });
        return new { ok = true, seq = rev, rev, time, duplicate = false };
    }

    private sealed class StrongBox
    {
        private long _rev;

        internal long Next() => Interlocked.Increment(ref _rev);
    }
}
