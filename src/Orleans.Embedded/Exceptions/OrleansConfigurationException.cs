namespace Orleans.Runtime;

/// <summary>The host cannot start as it is configured. The message names every fault that was found.</summary>
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>With what is wrong.</summary>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With what is wrong and why.</summary>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
