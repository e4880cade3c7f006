namespace OrleansChat.Conversations;

/// <summary>
/// The store could not answer in time, or its answer was lost. Of a command that was under way it is then unknown whether
/// it was stored: repeat it with the same client id.
/// </summary>
[GenerateSerializer, Alias("chat.StoreUnavailableException")]
public sealed class StoreUnavailableException : Exception
{
    /// <summary>With what the store said.</summary>
    public StoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
