using OrleansChat.Conversations;
using OrleansChat.Gateway.Hosting;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// What a failed call to a grain means. A silo that dies, ends or sheds load, and a store that does not answer, are the
/// weather of a cluster: whoever asked is told when to ask again, the operator reads one line. Everything else is a defect.
/// </summary>
internal static class GrainFailures
{
    /// <summary>Those who were refused together do not come back together.</summary>
    private const int RetryMsMin = 250;
    private const int RetryMsMax = 1_000;

    /// <summary>The call was refused because too much is waiting; nothing was done.</summary>
    internal static bool IsOverload(Exception exception) => ChatEngine.IsOverload(exception);

    /// <summary>It may have been done or not, and can be asked again soon.</summary>
    internal static bool IsPassing(Exception exception) =>
        exception is StoreUnavailableException or TimeoutException or OrleansException or OperationCanceledException;

    /// <summary>When to ask again.</summary>
    internal static TimeSpan RetryPause() => TimeSpan.FromMilliseconds(Random.Shared.Next(RetryMsMin, RetryMsMax + 1));

    /// <summary>For one line: engines' own messages repeat the call and may be long.</summary>
    internal static string ReasonOf(Exception exception) => exception.GetType().Name;

    /// <summary>What is to be logged whole, with its stack; null for what passes.</summary>
    internal static Exception? DefectIn(Exception exception) => IsPassing(exception) ? null : exception;
}
