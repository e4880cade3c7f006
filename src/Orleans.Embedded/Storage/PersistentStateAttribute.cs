namespace Orleans.Runtime;

/// <summary>Says under which name, and in which storage, a constructor argument <see cref="IPersistentState{TState}"/> is kept.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute
{
    /// <summary>Names the record and the storage.</summary>
    /// <param name="stateName">The name of the record, unique within the grain class.</param>
    /// <param name="storageName">The name of the storage; null for the default one.</param>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <summary>The name of the record.</summary>
    public string StateName { get; }

    /// <summary>The name of the storage; null for the default one.</summary>
    public string? StorageName { get; }
}
