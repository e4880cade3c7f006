namespace Orleans.Runtime;

/// <summary>The base of what the engine itself reports about a call.</summary>
public class OrleansException : Exception
{
    /// <summary>Without details.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>With what happened.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened and why.</summary>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
