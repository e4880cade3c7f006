using System.Globalization;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Sockets;

/// <summary>The sessions of a run, one for each person, and the pings that keep them.</summary>
internal sealed class Fleet : IDisposable
{
    private const int ConnectsAtOnce = 32;

    /// <summary>Each session pings so often; the gateway gives up on one that is silent for 25 s.</summary>
    internal static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan ConnectTimeMax = TimeSpan.FromSeconds(30);

    private readonly List<LeanSession> _sessions = [];

    internal IReadOnlyList<LeanSession> Sessions => _sessions;

    internal int Open => _sessions.Count(session => session.IsOpen);

    /// <summary>Connects the people up to <paramref name="count"/>; <paramref name="members"/> neighbours share a conversation.</summary>
    internal async Task ConnectAsync(RunningServer server, int count, int members, LeanSession.OnRecord onRecord, CancellationToken cancellationToken)
    {
        var first = _sessions.Count;
        for (var index = first; index < count; index++)
        {
            _sessions.Add(new LeanSession(index, onRecord));
        }

        var connecting = Parallel.ForEachAsync(
            _sessions.Skip(first),
            new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtOnce, CancellationToken = cancellationToken },
            async (session, token) =>
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
                patience.CancelAfter(ConnectTimeMax);
                try
                {
                    await session.ConnectAsync(
                        server.Server.AddressOf(session.Index), server.TargetOf(session.Index / members), server.Tokens?.TokenOf(session.Index), patience.Token);
                }
                catch (OperationCanceledException) when (!token.IsCancellationRequested)
                {
                    throw new LoadException(string.Create(
                        CultureInfo.InvariantCulture, $"Session {session.Index} was not ready within {ConnectTimeMax.TotalSeconds} s. {server.Server.LastWords}"));
                }
            });
        while (await Task.WhenAny(connecting, Task.Delay(PingInterval, CancellationToken.None)) != connecting)
        {
            // The first ones wait long for the last ones, when they are many.
            _sessions.ForEach(session => session.Ping());
        }

        await connecting;
    }

    public void Dispose() => _sessions.ForEach(session => session.Dispose());
}
