using System.Collections.Concurrent;

namespace OrleansChat.Gateway.Sessions;

/// <summary>Every live session of this process.</summary>
internal sealed class SessionRegistry(GatewayInstruments instruments)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    internal IEnumerable<Session> All => _sessions.Select(entry => entry.Value);

    internal void Add(Session session)
    {
        if (_sessions.TryAdd(session.ConnectionId, session))
        {
            instruments.OnSessionBegan();
        }
    }

    internal void Remove(Session session)
    {
        if (_sessions.TryRemove(session.ConnectionId, out _))
        {
            instruments.OnSessionEnded();
        }
    }
}
