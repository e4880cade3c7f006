using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.MessageLog.Tests;

/// <summary>One open store for the tests of a class, and its database as an outsider sees it.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private ChatStore? _store;

    /// <summary>Why nothing can be tested here; null when it can.</summary>
    public virtual string? SkipReason => null;

    public ChatStore Store => _store ?? throw new InvalidOperationException("The fixture has no store.");

    /// <summary>With one writer, so that a test can know what shares a commit.</summary>
    public StoreOptions Options { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (SkipReason is null)
        {
            Options = await CreateOptionsAsync();
            _store = await OpenAsync(Options);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    public static Task<ChatStore> OpenAsync(StoreOptions options) =>
        ChatStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>A writer that knows nothing of <see cref="Store"/>; the store itself where a file serves one process.</summary>
    public abstract Task<ChatStore> OpenRivalAsync();

    /// <summary>Runs a statement as an outsider.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>Asks for a number as an outsider.</summary>
    public abstract Task<long> NumberAsync(string sql);

    /// <summary>How the database would run a statement, on what it knows of its tables now.</summary>
    public abstract Task<string> ExplainAsync(string sql);

    /// <summary>Lets no commit end until disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldCommitsAsync();

    /// <summary>Makes the database refuse messages with this text.</summary>
    public abstract Task PoisonAsync(string text);

    /// <summary>Makes everything that is stored so far look stored an hour earlier.</summary>
    public abstract Task AgeAsync();

    protected abstract Task<StoreOptions> CreateOptionsAsync();
}
