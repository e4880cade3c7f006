using System.Collections.Concurrent;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

/// <summary>The sessions of one tenant on this gateway, by person. Reads never wait; an array is never changed.</summary>
internal sealed class TenantSessions
{
    private readonly ConcurrentDictionary<UserId, Session[]> _byUser = [];

    internal bool IsEmpty => _byUser.IsEmpty;

    internal int Users => _byUser.Count;

    internal void Add(Session session) =>
        _byUser.AddOrUpdate(session.Caller.UserId, static (_, added) => [added], static (_, sessions, added) => [.. sessions, added], session);

    internal void Remove(Session session)
    {
        var user = session.Caller.UserId;
        while (_byUser.TryGetValue(user, out var sessions))
        {
            var left = Array.FindAll(sessions, other => other != session);
            if (left.Length == 0
                ? _byUser.TryRemove(new KeyValuePair<UserId, Session[]>(user, sessions))
                : _byUser.TryUpdate(user, left, sessions))
            {
                return;
            }
        }
    }

    internal ReadOnlySpan<Session> Of(UserId user) => _byUser.TryGetValue(user, out var sessions) ? sessions : [];

    internal ConcurrentDictionary<UserId, Session[]> All => _byUser;
}
