using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>What a gateway tells the presence of people, beat by beat.</summary>
internal sealed class TestGateway(ChatHost host)
{
    private readonly GatewayId _id = GatewayId.New();
    private readonly Dictionary<UserId, DateTimeOffset> _inputs = [];
    private long _number;

    /// <summary>The first session of somebody begins, or the gateway tells of those that live.</summary>
    internal async Task<OwnPresence> BeatsAsync(TestUser user)
    {
        var own = await host.Presence(user).BeatAsync(Beat(user, live: true), CancellationToken.None);
        if (own.Idle is { } idle)
        {
            _inputs[user.Id] = host.Time.GetUtcNow() - idle;
        }

        return own;
    }

    /// <summary>Somebody touched a device, and the gateway tells it at once.</summary>
    internal Task TouchesAsync(TestUser user)
    {
        _inputs[user.Id] = host.Time.GetUtcNow();
        return BeatsAsync(user);
    }

    /// <summary>The last session of somebody ends.</summary>
    internal Task EndsAsync(TestUser user) => host.Presence(user).BeatAsync(Beat(user, live: false), CancellationToken.None);

    /// <summary>Time passes, and the gateway beats at its pace.</summary>
    internal async Task BeatsForAsync(TimeSpan time, TestUser user)
    {
        for (var left = time; left > TimeSpan.Zero; left -= IPresenceGrain.BeatInterval)
        {
            host.Time.Advance(left < IPresenceGrain.BeatInterval ? left : IPresenceGrain.BeatInterval);
            await BeatsAsync(user);
        }
    }

    internal PresenceBeat Beat(TestUser user, bool live, long? number = null) => new()
    {
        TenantId = host.Tenant,
        UserId = user.Id,
        GatewayId = _id,
        Number = number ?? ++_number,
        Live = live,
        Idle = _inputs.TryGetValue(user.Id, out var input) ? host.Time.GetUtcNow() - input : null,
    };
}
