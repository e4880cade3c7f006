namespace OrleansChat.Hosting;

/// <summary>A program or a command refuses to begin. The message is one line that says what to change; it is all that people see.</summary>
public class StartException : Exception
{
    /// <inheritdoc cref="Exception(string, Exception)" />
    public StartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
