using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Storage holds another version of a record than memory. A request that ends in it ends the activation too, so that the next one reads anew.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Without details.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>With what happened.</summary>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened and why.</summary>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>With both versions.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>With both versions and why.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in storage.</summary>
    public string? StoredEtag { get; }

    /// <summary>The version in memory.</summary>
    public string? CurrentEtag { get; }
}
