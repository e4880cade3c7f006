namespace Orleans.Runtime;

/// <summary>An activation has as many requests as the host allows; this one was refused and did not run.</summary>
public sealed class LimitExceededException : OrleansException
{
    /// <summary>Without details.</summary>
    public LimitExceededException()
        : base("Limit exceeded")
    {
    }

    /// <summary>With what happened.</summary>
    public LimitExceededException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened and why.</summary>
    public LimitExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With the limit, what it is and what it met.</summary>
    public LimitExceededException(string limitName, int current, int threshold, object extraInfo)
        : base($"Limit exceeded {limitName} Current={current} Threshold={threshold} {extraInfo}")
    {
    }
}
