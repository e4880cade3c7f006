using Microsoft.AspNetCore.SignalR;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Sessions;

/// <summary>
/// One live WebSocket: its caller, and a bounded queue that one pump empties into it. Fan-out calls
/// <see cref="Send"/> and never waits for a socket; an idle session holds no buffer and no task.
/// </summary>
internal sealed class Session : IThreadPoolWorkItem
{
    private static readonly Frame ResyncFrame = Frame.Of(EventNames.Resync, new ResyncEvent());

    private readonly Lock _lock = new();
    private readonly HubConnectionContext _connection;
    private readonly SocketOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayInstruments _instruments;
    private readonly ILogger _logger;

    private List<Frame>? _queue;
    private int _queuedBytes;
    private bool _pumping;
    private bool _closed;
    private volatile ConversationId[] _views = [];
    private volatile Admission _admission;
    private TenantVersions? _asOf;

    internal Session(
        HubConnectionContext connection,
        Admission admission,
        SocketOptions options,
        TimeProvider time,
        GatewayInstruments instruments,
        ILogger logger)
    {
        _connection = connection;
        _admission = admission;
        _options = options;
        _time = time;
        _instruments = instruments;
        _logger = logger;
    }

    /// <summary>Who the session belongs to and what they may do, as the directory last said.</summary>
    internal Admission Admission => _admission;

    internal Caller Caller => Admission.Caller;

    internal string ConnectionId => _connection.ConnectionId;

    /// <summary>True when nothing reaches the client any more; never false again.</summary>
    internal bool IsEnded
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>The conversations that the client has open.</summary>
    internal ConversationId[] Views
    {
        get => _views;
        set => _views = value;
    }

    /// <summary>
    /// Queues a frame. Half full, droppable frames are dropped; full, everything queued is replaced by one
    /// <c>resync</c> (rule M16).
    /// </summary>
    /// <returns>False when it was dropped.</returns>
    internal bool Send(Frame frame)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return true; // There is nobody to miss it.
            }

            _queue ??= [];
            if (frame.Droppable && (_queue.Count >= _options.QueueFramesMax / 2 || _queuedBytes >= _options.QueueBytesMax / 2))
            {
                _instruments.OnFrameDropped();
                return false;
            }

            if (_queue.Count >= _options.QueueFramesMax || _queuedBytes + frame.Bytes.Length > _options.QueueBytesMax)
            {
                _queue.Clear();
                _queuedBytes = 0;
                frame = ResyncFrame;
                _instruments.OnQueueOverflowed();
            }

            _queue.Add(frame);
            _queuedBytes += frame.Bytes.Length;
            if (_pumping)
            {
                return true;
            }

            _pumping = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>True when the directory was asked about this session's person with these versions or higher ones.</summary>
    internal bool IsAsOf(TenantVersions versions)
    {
        lock (_lock)
        {
            return _asOf?.Reach(versions) ?? false;
        }
    }

    /// <summary>
    /// What the directory says of the session's person. Whoever may not use the chat any more is closed for good; others
    /// hear when role or permissions changed. An older word never replaces a newer one.
    /// </summary>
    internal void Renew(Person person, TenantVersions versions)
    {
        Admission before;
        lock (_lock)
        {
            if (_asOf is not null && !versions.Reach(_asOf))
            {
                return;
            }

            _asOf = versions;
            before = _admission;
            if (before.Person == person)
            {
                return;
            }

            _admission = before.Of(person);
        }

        if (!person.Active || !_admission.MayUseChat)
        {
            _ = CloseAsync(person.Active ? ClosingCode.Restricted : ClosingCode.Deactivated);
        }
        else if (before.Person.Role != person.Role || before.Person.Permissions != person.Permissions)
        {
            Send(Frame.Of(
                EventNames.PermissionsChanged,
                new PermissionsChangedEvent { Permissions = person.Permissions.ToWire(), Role = person.Role.ToWire() }));
        }
    }

    /// <summary>Tells the client to read again what it shows.</summary>
    internal void Resync() => Send(ResyncFrame);

    /// <summary>Says why, where the client still listens, and ends the connection.</summary>
    internal async Task CloseAsync(ClosingCode code, TimeSpan? retryAfter = null)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _queue = null;
        }

        Log.Closing(_logger, Caller.TenantId, Caller.UserId, ConnectionId, code);
        var closing = Frame.Of(EventNames.Closing, new ClosingEvent
        {
            Code = (int)code,
            Reconnect = (int)code < 3500,
            RetryAfterMs = retryAfter is { } pause ? (long)pause.TotalMilliseconds : null,
        });
        try
        {
            await _connection.WriteAsync(closing.Serialized, CancellationToken.None).AsTask().WaitAsync(_options.ClosingTimeout, _time);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            // The client does not listen any more; what it would have heard is a courtesy.
        }

        _connection.Abort();
    }

    /// <summary>The socket is gone: whatever comes now goes nowhere.</summary>
    internal void Ended()
    {
        lock (_lock)
        {
            _closed = true;
            _queue = null;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    private async Task PumpAsync()
    {
        try
        {
            while (TakeAll() is { } message)
            {
                var write = _connection.WriteAsync(message, CancellationToken.None);
                if (!write.IsCompletedSuccessfully)
                {
                    await write.AsTask().WaitAsync(_options.BlockedTimeout, _time);
                }
            }
        }
        catch (TimeoutException)
        {
            _instruments.OnSlowSessionClosed();
            await CloseAsync(ClosingCode.TooSlow);
        }
        catch (Exception exception)
        {
            // The socket is broken: SignalR ends the connection, the client reconnects and syncs.
            Log.WriteFailed(_logger, Caller.TenantId, Caller.UserId, ConnectionId, exception);
            _connection.Abort();
        }
    }

    /// <summary>Everything that is ready, as one write; null ends the pump.</summary>
    private SerializedHubMessage? TakeAll()
    {
        lock (_lock)
        {
            if (_queue is not { Count: > 0 })
            {
                _pumping = false;
                if (_queue is { Capacity: > 16 })
                {
                    _queue = null;
                }

                return null;
            }

            var message = _queue.Count == 1 ? _queue[0].Serialized : Frame.Merge(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_queue));
            _instruments.OnFramesWritten(_queue.Count);
            _queue.Clear();
            _queuedBytes = 0;
            return message;
        }
    }

    private static class Log
    {
        private static readonly Action<ILogger, TenantId, UserId, string, ClosingCode, Exception?> ClosingMessage =
            LoggerMessage.Define<TenantId, UserId, string, ClosingCode>(
                LogLevel.Information, new EventId(5001, "Closing"), "Closing the session of {TenantId} {UserId} on {ConnectionId}: {ClosingCode}.");

        private static readonly Action<ILogger, TenantId, UserId, string, Exception?> WriteFailedMessage =
            LoggerMessage.Define<TenantId, UserId, string>(
                LogLevel.Debug, new EventId(5002, "WriteFailed"), "Writing to the session of {TenantId} {UserId} on {ConnectionId} failed.");

        internal static void Closing(ILogger logger, TenantId tenantId, UserId userId, string connectionId, ClosingCode code) =>
            ClosingMessage(logger, tenantId, userId, connectionId, code, null);

        internal static void WriteFailed(ILogger logger, TenantId tenantId, UserId userId, string connectionId, Exception exception) =>
            WriteFailedMessage(logger, tenantId, userId, connectionId, exception);
    }
}
