using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A connection whose writes the test lets through or holds.</summary>
internal sealed class FakeSocket() : HubConnectionContext(
    new DefaultConnectionContext("connection"), new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromDays(1) }, NullLoggerFactory.Instance)
{
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _frames = [];
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _writeBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closingBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _blocked;
    private bool _broken;

    /// <summary>The session of somebody on this socket.</summary>
    internal Session CreateSession(string user, SocketOptions options, TimeProvider time)
    {
        var person = new Person { UserId = UserId.Of(user), Name = Helpdesk.NameOf(user), Role = Role.Agent };
        return new Session(
            this,
            new Admission { TenantId = TenantId.Of(Helpdesk.Tenant), Person = person, ExpiresAt = null },
            options,
            time,
            Instruments,
            NullLogger.Instance);
    }

    internal static GatewayInstruments Instruments { get; } =
        new ServiceCollection().AddMetrics().AddSingleton<GatewayInstruments>().BuildServiceProvider().GetRequiredService<GatewayInstruments>();

    internal Task Aborted => _aborted.Task;

    internal int Writes { get; private set; }

    internal List<int> ClosingCodes { get; } = [];

    internal IReadOnlyList<JsonElement> Frames
    {
        get
        {
            lock (_lock)
            {
                return [.. _frames];
            }
        }
    }

    internal IReadOnlyList<string> Heard => [.. Frames.Select(frame => frame.GetProperty("target").GetString()!)];

    internal void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Break() => _broken = true;

    internal void Unblock() => Interlocked.Exchange(ref _blocked, null)?.TrySetResult();

    internal Task WriteBegunAsync() => _writeBegun.Task.WaitAsync(TimeSpan.FromSeconds(10));

    internal Task ClosingWrittenAsync() => _closingBegun.Task.WaitAsync(TimeSpan.FromSeconds(10));

    internal async Task<IReadOnlyList<string>> HeardAsync(int frames)
    {
        while (true)
        {
            Task heard;
            lock (_lock)
            {
                if (_frames.Count >= frames)
                {
                    return Heard;
                }

                heard = _heard.Task;
            }

            await heard.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    public override void Abort() => _aborted.TrySetResult();

    public override async ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        if (_broken)
        {
            throw new IOException("The socket is broken.");
        }

        // What is handed over is the socket's; whether it is taken shows when the write ends.
        var bytes = message.GetSerializedMessage(new JsonHubProtocol());
        var frames = Encoding.UTF8.GetString(bytes.Span).Split('\u001e', StringSplitOptions.RemoveEmptyEntries)
            .Select(frame => JsonElement.Parse(frame)).ToList();
        foreach (var closing in frames.Where(frame => frame.GetProperty("target").GetString() == "closing"))
        {
            ClosingCodes.Add(closing.GetProperty("arguments")[0].GetProperty("code").GetInt32());
            _closingBegun.TrySetResult();
        }

        _writeBegun.TrySetResult();
        if (_blocked is { } blocked)
        {
            await blocked.Task;
        }

        lock (_lock)
        {
            Writes++;
            _frames.AddRange(frames);
            _heard.TrySetResult();
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
