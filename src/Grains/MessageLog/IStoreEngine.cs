using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.States;
using OrleansChat.Grains.Search;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog;

/// <summary>One of the databases behind <see cref="ChatStore"/>. Started once, disposed once; disposing writes what is queued.</summary>
internal interface IStoreEngine : IAsyncDisposable
{
    IMessageLog Log { get; }

    IInboxStore Inbox { get; }

    IDirectoryStore Directory { get; }

    IGrainStateStore States { get; }

    IAuditStore Audit { get; }

    IArchiveStore Archive { get; }

    IRetentionStore Retention { get; }

    ISearchStore Search { get; }

    /// <summary>Locks, checks and migrates the database.</summary>
    /// <exception cref="StoreStartException">The database must not or cannot be used.</exception>
    Task StartAsync(CancellationToken cancellationToken);
}
