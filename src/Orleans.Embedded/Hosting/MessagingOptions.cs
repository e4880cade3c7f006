using System.Diagnostics.CodeAnalysis;

namespace Orleans.Configuration;

/// <summary>How long a caller waits and what a timeout does.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for an answer, unless the method has its own timeout. Above zero or infinite; 30 seconds by default.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether a timeout also cancels the token of the method. On by default here, off by default in Orleans 10: set it
    /// explicitly where both engines must agree.
    /// </summary>
    public bool CancelRequestOnTimeout { get; set; } = true;
}

/// <summary>The same, and how many requests an activation may have.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>An activation that has more requests than this, running and waiting, refuses the next. 0, the default, is no limit.</summary>
    public int MaxEnqueuedRequestsHardLimit { get; set; }

    /// <summary>The same for each activation of a stateless worker.</summary>
    [SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The name is Orleans'.")]
    public int MaxEnqueuedRequestsHardLimit_StatelessWorker { get; set; }
}
