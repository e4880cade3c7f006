using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OrleansChat.Gateway.Tests.Fixtures;

namespace OrleansChat.Gateway.Tests.Hosting;

/// <summary>What an OTLP receiver gets to hear.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Gateway_WithAnOtlpEndpoint_SendsSessionsAndPosts()
    {
        var heard = new ConcurrentDictionary<string, byte>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] wanted = ["orleans-chat-gateway", "chat.gateway.sessions", "chat.gateway.call.duration", "chat.grains.posts", "chat.log.appends"];
        await using var receiver = Receiver(body =>
        {
            foreach (var name in wanted.Where(name => body.Contains(name, StringComparison.Ordinal)))
            {
                heard.TryAdd(name, 0);
            }

            if (heard.Count == wanted.Length)
            {
                all.TrySetResult();
            }
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            Settings = [$"--Telemetry:OtlpEndpoint={receiver.Urls.Single()}", "--Telemetry:ExportInterval=00:00:00.200"],
        });
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        await ann.SendsAsync(ann.With("bob"), "counted");
        await bob.SeesAsync(ann.With("bob"), "counted");

        await all.Task.WaitAsync(ChatServer.PatienceToken());
    }

    private static WebApplication Receiver(Action<string> onMetrics)
    {
        var app = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        app.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = app.Build();
        receiver.Run(async context =>
        {
            if (context.Request.Path == "/v1/metrics")
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                onMetrics(Encoding.Latin1.GetString(body.ToArray())); // Names stand in protobuf as they are.
            }

            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        return receiver;
    }
}
