using OrleansChat.Hosting;

namespace OrleansChat.Grains.MessageLog;

/// <summary>The store refuses to start; the message is one line for the operator and says why and what to do.</summary>
public sealed class StoreStartException : StartException
{
    /// <summary>With the line for the operator.</summary>
    public StoreStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
