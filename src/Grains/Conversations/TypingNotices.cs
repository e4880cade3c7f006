using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Who types in one conversation, in memory only: decides which notices are told. Bounded by the members that typing is
/// shown to; who has ceased is forgotten with the first notice after the interval.
/// </summary>
internal sealed class TypingNotices(TimeSpan interval)
{
    /// <summary>Readers forget a person who types after so long without a notice (rule T2); then there is nothing to end.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(10);

    private readonly Dictionary<UserId, (DateTimeOffset At, bool Typing)> _last = [];

    /// <summary>How many are remembered.</summary>
    internal int Count => _last.Count;

    /// <summary>Begins or goes on: null when it is told, else when to repeat.</summary>
    internal TimeSpan? Begin(UserId user, DateTimeOffset now)
    {
        if (_last.TryGetValue(user, out var last) && now - last.At < interval)
        {
            return last.At + interval - now;
        }

        foreach (var (other, before) in _last)
        {
            if (now - before.At >= (before.Typing ? ForgottenAfter : interval))
            {
                _last.Remove(other);
            }
        }

        _last[user] = (now, true);
        return null;
    }

    /// <summary>Ceases: true when it is told, because readers still see the person type.</summary>
    internal bool End(UserId user, DateTimeOffset now)
    {
        if (!_last.TryGetValue(user, out var last) || !last.Typing)
        {
            return false;
        }

        _last[user] = last with { Typing = false };
        return now - last.At < ForgottenAfter;
    }
}
