using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.States;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Presence;

/// <summary>
/// One person's presence. Gateways call it when sessions begin and end and with every beat; it owns the leases in memory,
/// and what the person chose and the last input in storage. It calls back itself when time alone changes what others see.
/// </summary>
/// <remarks>
/// Reads interleave with a write of the record: they see what is stored (<see cref="_kept"/>), never what is being written.
/// </remarks>
[GrainType("presence")]
internal sealed partial class PresenceGrain(
    [PersistentState(PresenceGrain.StateName, GrainStateStorage.Name)] IPersistentState<PresenceRecord> record,
    IEventPublisher publisher,
    GrainInstruments instruments,
    IOptions<PresenceOptions> options,
    TimeProvider time,
    ILogger<PresenceGrain> logger) : Grain, IPresenceGrain
{
    /// <summary>Under which it is stored, for ever; no other grain's.</summary>
    internal const string StateName = "presence";

    /// <summary>Longest wait for a deadline; one that is further away is looked at again then.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    private readonly PresenceOptions _options = options.Value;
    private readonly Dictionary<GatewayId, Lease> _leases = [];

    private PresenceKey _key;
    private PresenceRecord _kept = new();
    private DateTimeOffset _knownFrom;
    private DateTimeOffset? _graceUntil;
    private DateTimeOffset? _lastInput;
    private DateTimeOffset _saveFrom;
    private bool _wasConnected;
    private IGrainTimer? _deadline;

    /// <summary>Somebody has asked or told: changes concern somebody.</summary>
    private bool _hasAudience;

    /// <summary>What was last published, or was the first answer.</summary>
    private (PresenceState State, DateTimeOffset? Until)? _told;
    private PersonPresence? _toPublish;
    private bool _publishing;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = PresenceKey.Parse(this.GetPrimaryKeyString());
        var now = time.GetUtcNow();
        _kept = record.State;
        _lastInput = _kept.LastSeen;
        _knownFrom = now + IPresenceGrain.BeatInterval;
        _saveFrom = now + (_options.LastSeenInterval * Random.Shared.NextDouble()); // Who came together is not written together.
        _deadline = this.RegisterGrainTimer(
            OnDeadlineAsync, new GrainTimerCreationOptions { DueTime = IPresenceGrain.BeatInterval, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveLastSeenAsync();

    public async Task<OwnPresence> BeatAsync(PresenceBeat beat, CancellationToken cancellationToken)
    {
        if (beat.TenantId != _key.TenantId || beat.UserId != _key.UserId)
        {
            throw new ArgumentException($"A beat of {beat.TenantId} {beat.UserId} came to {_key}.", nameof(beat));
        }

        _hasAudience = true;
        var now = time.GetUtcNow();
        if (!_leases.TryGetValue(beat.GatewayId, out var lease) || lease.Number < beat.Number)
        {
            Take(beat, lease, now);
            await UpdateAsync(now);
        }

        return Own(now);
    }

    public Task<PersonPresence> ReadAsync(CancellationToken cancellationToken)
    {
        _hasAudience = true;
        var shown = Shown(time.GetUtcNow());
        if (_told is null && shown.State != PresenceState.Unknown)
        {
            _told = (shown.State, shown.Until);
        }

        return Task.FromResult(shown);
    }

    public Task<bool> IsOnlineAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Shown(time.GetUtcNow()).State is PresenceState.Online or PresenceState.Dnd);

    public Task<bool> ShowsTypingAsync(CancellationToken cancellationToken) => Task.FromResult(_kept.ShowTyping);

    public async Task<SetStatusResult> SetStatusAsync(SetStatus command, CancellationToken cancellationToken)
    {
        if (!IsMine(command.Caller))
        {
            return new SetStatusResult { Refusal = SetStatusRefusal.NotFound };
        }

        var now = time.GetUtcNow();
        if (command.Until is { } until && (command.Status != ManualStatus.Dnd || until <= now || until > now + _options.StatusTimeMax))
        {
            return new SetStatusResult { Refusal = SetStatusRefusal.UntilInvalid };
        }

        await KeepAsync(kept => kept with { Status = command.Status, Until = command.Until });
        now = time.GetUtcNow();
        await UpdateAsync(now);
        return new SetStatusResult { Own = Own(now) };
    }

    public async Task<OwnPresence?> SetShowTypingAsync(Caller caller, bool showTyping, CancellationToken cancellationToken)
    {
        if (!IsMine(caller))
        {
            return null;
        }

        await KeepAsync(kept => kept with { ShowTyping = showTyping });
        return Own(time.GetUtcNow());
    }

    private void Take(PresenceBeat beat, Lease? before, DateTimeOffset now)
    {
        // Input that no gateway knows of: arriving is input, coming back is none.
        var input = beat.Idle is { } idle ? now - (idle > TimeSpan.Zero ? idle : TimeSpan.Zero)
            : beat.Live && !PresenceRules.IsConnected(Facts(), now) ? now
            : _lastInput;
        _lastInput = input > _lastInput || _lastInput is null ? input : _lastInput;
        _leases[beat.GatewayId] = new Lease(beat.Number, beat.Live, now + IPresenceGrain.LeaseTime);
        if (beat.Live)
        {
            _graceUntil = null;
        }
        else if (before is { Live: true } && before.Until > now && !_leases.Values.Any(lease => lease.Live && lease.Until > now))
        {
            _graceUntil = now + PresenceRules.OfflineGrace;
        }
    }

    private Task OnDeadlineAsync(CancellationToken cancellationToken) => UpdateAsync(time.GetUtcNow());

    /// <summary>After anything that may change what others see: publishes it, stores the last input when it is due, sets the next deadline.</summary>
    private async Task UpdateAsync(DateTimeOffset now)
    {
        foreach (var (gateway, lease) in _leases)
        {
            if (lease.Until <= now)
            {
                _leases.Remove(gateway); // Ended ones are remembered so long against beats that come late.
            }
        }

        var facts = Facts();
        var verdict = PresenceRules.Of(facts, now);
        _deadline!.Change(verdict.NextAt is { } next ? Shorter(next - now, WaitMax) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        PublishChange(Shown(facts, verdict.State, now));
        if (verdict.State != PresenceState.Unknown && _knownFrom > now)
        {
            _knownFrom = now; // Who was seen for sure is not unknown again: appearing offline shows at once, and a lost device has its grace.
        }

        var connected = PresenceRules.IsConnected(facts, now);
        if ((_wasConnected && !connected) || now >= _saveFrom)
        {
            _saveFrom = now + _options.LastSeenInterval;
            await SaveLastSeenAsync();
        }

        _wasConnected = connected;
    }

    private void PublishChange(PersonPresence shown)
    {
        if (!_hasAudience || shown.State == PresenceState.Unknown || _told == (shown.State, shown.Until))
        {
            return;
        }

        _told = (shown.State, shown.Until);
        _toPublish = shown;
        if (!_publishing)
        {
            _publishing = true;
            _ = PublishAsync();
        }
    }

    /// <summary>One at a time and in order; of what came meanwhile only the last counts.</summary>
    private async Task PublishAsync()
    {
        while (_toPublish is { } shown)
        {
            _toPublish = null;
            try
            {
                await publisher.PublishAsync(new PresenceChanged { TenantId = _key.TenantId, Presence = shown });
            }
            catch (Exception)
            {
                instruments.OnPublishFailed(); // Gateways read it again within a minute.
            }
        }

        _publishing = false;
    }

    private async Task SaveLastSeenAsync()
    {
        if (_lastInput is null || _lastInput <= _kept.LastSeen)
        {
            return;
        }

        try
        {
            await KeepAsync(static kept => kept);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or InconsistentStateException)
        {
            Log.LastSeenNotStored(logger, _key.TenantId, _key.UserId, exception.GetType().Name);
            if (exception is InconsistentStateException)
            {
                DeactivateOnIdle(); // Another activation writes too; the next call finds the one that stays.
            }
        }
    }

    /// <summary>
    /// Stores the record with a change and the last input; until then, and when it fails, the one before counts. What an
    /// activation before this one wrote late (its end waits for the storage only so long) is read and changed in turn.
    /// </summary>
    private async Task KeepAsync(Func<PresenceRecord, PresenceRecord> change)
    {
        try
        {
            if (!await TryWriteAsync(change, mayConflict: true))
            {
                await record.ReadStateAsync();
                _kept = record.State;
                _lastInput = _lastInput is null || _kept.LastSeen > _lastInput ? _kept.LastSeen : _lastInput;
                await TryWriteAsync(change, mayConflict: false);
            }
        }
        catch (OrleansException exception) when (exception is not InconsistentStateException)
        {
            // Orleans wraps what its storage threw, whatever it was.
            throw new StoreUnavailableException("The grain storage does not answer; whether it was written is unknown.", exception);
        }
        finally
        {
            record.State = _kept;
        }
    }

    private async Task<bool> TryWriteAsync(Func<PresenceRecord, PresenceRecord> change, bool mayConflict)
    {
        record.State = change(_kept) with { LastSeen = _lastInput };
        try
        {
            await record.WriteStateAsync();
            _kept = record.State;
            return true;
        }
        catch (InconsistentStateException) when (mayConflict)
        {
            return false;
        }
    }

    private PresenceFacts Facts() => new()
    {
        Leases = [.. _leases.Values.Where(lease => lease.Live).Select(lease => lease.Until)],
        GraceUntil = _graceUntil,
        KnownFrom = _knownFrom,
        LastInput = _lastInput,
        Status = _kept.Status,
        Until = _kept.Until,
    };

    private PersonPresence Shown(DateTimeOffset now)
    {
        var facts = Facts();
        return Shown(facts, PresenceRules.Of(facts, now).State, now);
    }

    private PersonPresence Shown(PresenceFacts facts, PresenceState state, DateTimeOffset now) => new()
    {
        UserId = _key.UserId,
        State = state,
        AsOf = now,
        LastSeen = PresenceRules.LastSeen(facts, state, now),
        Until = state == PresenceState.Dnd ? facts.Until : null,
    };

    private OwnPresence Own(DateTimeOffset now)
    {
        var status = PresenceRules.StatusOf(_kept.Status, _kept.Until, now);
        return new OwnPresence
        {
            Status = status,
            Until = status == ManualStatus.Dnd ? _kept.Until : null,
            ShowTyping = _kept.ShowTyping,
            Idle = _lastInput is { } input ? now - input : null,
        };
    }

    private bool IsMine(Caller caller) => caller.TenantId == _key.TenantId && caller.UserId == _key.UserId;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The last that a gateway told.</summary>
    private sealed record Lease(long Number, bool Live, DateTimeOffset Until);
}
