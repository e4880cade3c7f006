using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Grains.MessageLog;
using OrleansChat.MessageLog.Writer;

// write     appends for ever and says so on standard output; made to be killed.
// benchmark measures durable posts per second.
if (args is not [var mode and ("write" or "benchmark"), var kind and ("sqlite" or "postgres"), var place, .. var rest])
{
    await Console.Error.WriteLineAsync("usage: (write|benchmark) (sqlite <file>|postgres <connection string>) [writers]");
    return 2;
}

StoreOptions options = kind == "sqlite"
    ? new SqliteStoreOptions { Path = place }
    : new PostgresStoreOptions { ConnectionString = place };
if (options is PostgresStoreOptions postgres && rest is [var writers])
{
    options = postgres with { Writers = int.Parse(writers, System.Globalization.CultureInfo.InvariantCulture) };
}

try
{
    await using var store = await ChatStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    await (mode == "write" ? EndlessWriter.RunAsync(store) : Benchmark.RunAsync(store));
    return 0;
}
catch (StoreStartException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 3;
}
