namespace OrleansChat.Load.Servers;

/// <summary>A running cluster on this machine, as the command line names it.</summary>
internal sealed record ClusterTarget
{
    /// <summary>Connection string of its database.</summary>
    internal required string Connection { get; init; }

    /// <summary>Its <c>Cluster:ClusterId</c>; null is the default one.</summary>
    internal string? ClusterId { get; init; }

    /// <summary>Its gateways.</summary>
    internal required Uri[] Gateways { get; init; }

    /// <summary>Base64 of the secret that its gateways know as key <c>load</c>; null where no socket is opened.</summary>
    internal string? TokenSecret { get; init; }
}
