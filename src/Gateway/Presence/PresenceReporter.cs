using System.Collections.Immutable;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Hosting;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Gateway.Presence;

/// <summary>
/// Who has live sessions on this gateway, and when they last touched a device here; tells it to the people's presence: when
/// the first session begins, when the last ends, when somebody who may be away comes back, and of all others with every beat.
/// What was not heard is told again with the next beat.
/// </summary>
internal sealed class PresenceReporter(IGrainLink grains, TimeProvider time, ILogger<PresenceReporter> logger)
{
    /// <summary>A session begins at the latest after this time, whether or not presence has answered.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Input after so long a pause is told at once: the person may be away before the next beats arrive.</summary>
    private static readonly TimeSpan PauseMax = IPresenceGrain.AwayAfter - (2 * IPresenceGrain.BeatInterval);

    private readonly GatewayId _id = GatewayId.New();
    private readonly LinePace _failurePace = new(time);
    private readonly Lock _lock = new();
    private readonly Dictionary<(TenantId Tenant, UserId User), Here> _people = [];

    /// <summary>
    /// The last beat. They are numbered across all people: presence remembers an ended lease and its number, so those of
    /// somebody who comes again must go on above it, though nothing of them is kept here meanwhile.
    /// </summary>
    private long _number;

    /// <summary>How many people are known, those included whose end was not heard yet.</summary>
    internal int People
    {
        get
        {
            lock (_lock)
            {
                return _people.Count;
            }
        }
    }

    /// <summary>A session begins.</summary>
    /// <returns>What the person chose to show; null when presence does not answer in time.</returns>
    internal async Task<OwnPresence?> BeginAsync(Caller caller)
    {
        PresenceBeat beat;
        lock (_lock)
        {
            if (!_people.TryGetValue((caller.TenantId, caller.UserId), out var here))
            {
                _people.Add((caller.TenantId, caller.UserId), here = new Here());
            }

            here.Sessions++;
            beat = Beat(caller.TenantId, caller.UserId, here);
        }

        try
        {
            return await TellAsync(beat).WaitAsync(AnswerTimeout, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>A session that began has ended.</summary>
    internal void End(Caller caller)
    {
        lock (_lock)
        {
            var here = _people[(caller.TenantId, caller.UserId)];
            here.Sessions--;
            if (here.Sessions == 0)
            {
                _ = TellAsync(Beat(caller.TenantId, caller.UserId, here));
            }
        }
    }

    /// <summary>Somebody with a live session touched a device.</summary>
    internal void Touch(Caller caller)
    {
        lock (_lock)
        {
            if (_people.TryGetValue((caller.TenantId, caller.UserId), out var here))
            {
                here.LastInput = time.GetTimestamp();
                if (here.ToldInput is not { } told || time.GetElapsedTime(told) >= PauseMax)
                {
                    _ = TellAsync(Beat(caller.TenantId, caller.UserId, here));
                }
            }
        }
    }

    /// <summary>Renews the leases of everybody here, and tells the ends that were not heard.</summary>
    internal async Task BeatAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<PresenceBeat> beats;
        lock (_lock)
        {
            beats = [.. _people.Select(person => Beat(person.Key.Tenant, person.Key.User, person.Value))];
        }

        foreach (var chunk in beats.Chunk(IPresenceBeatGrain.BeatsMax))
        {
            try
            {
                var failed = await grains.Client.GetGrain<IPresenceBeatGrain>(IPresenceBeatGrain.Key).BeatAsync([.. chunk], cancellationToken);
                for (var place = 0; place < chunk.Length; place++)
                {
                    if (!failed.Contains(place))
                    {
                        ForgetEnded(chunk[place]);
                    }
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                OnFailed(exception);
            }
        }
    }

    private PresenceBeat Beat(TenantId tenant, UserId user, Here here)
    {
        here.ToldInput = here.LastInput;
        return new PresenceBeat
        {
            TenantId = tenant,
            UserId = user,
            GatewayId = _id,
            Number = here.Number = ++_number,
            Live = here.Sessions > 0,
            Idle = here.LastInput is { } input ? time.GetElapsedTime(input) : null,
        };
    }

    /// <summary>Never fails: the next beat tells what was not heard.</summary>
    private async Task<OwnPresence?> TellAsync(PresenceBeat beat)
    {
        try
        {
            var own = await grains.Client.GetGrain<IPresenceGrain>(new PresenceKey(beat.TenantId, beat.UserId).ToString()).BeatAsync(beat, CancellationToken.None);
            Learn(beat, own);
            ForgetEnded(beat);
            return own;
        }
        catch (Exception exception)
        {
            OnFailed(exception);
            return null;
        }
    }

    /// <summary>The last input may have been on another gateway, or be the arrival itself.</summary>
    private void Learn(PresenceBeat beat, OwnPresence own)
    {
        lock (_lock)
        {
            if (own.Idle is { } idle && _people.TryGetValue((beat.TenantId, beat.UserId), out var here))
            {
                var input = time.GetTimestamp() - (long)(idle.TotalSeconds * time.TimestampFrequency);
                here.LastInput = Math.Max(here.LastInput ?? input, input);
                here.ToldInput = Math.Max(here.ToldInput ?? input, input);
            }
        }
    }

    private void ForgetEnded(PresenceBeat beat)
    {
        lock (_lock)
        {
            if (!beat.Live && _people.TryGetValue((beat.TenantId, beat.UserId), out var here) && here.Sessions == 0 && here.Number == beat.Number)
            {
                _people.Remove((beat.TenantId, beat.UserId));
            }
        }
    }

    private void OnFailed(Exception exception)
    {
        if (_failurePace.TryTake(out var others))
        {
            PresenceLog.BeatFailed(logger, others, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
        }
    }

    /// <summary>One person on this gateway.</summary>
    private sealed class Here
    {
        internal int Sessions { get; set; }

        /// <summary>Of the last beat about the person.</summary>
        internal long Number { get; set; }

        /// <summary>Timestamp of the last input that is known here.</summary>
        internal long? LastInput { get; set; }

        /// <summary>The one that was last told.</summary>
        internal long? ToldInput { get; set; }
    }
}
