namespace OrleansChat.Cluster.Tests;

internal static class Engine
{
    /// <summary>Why no cluster can be started; null when one can.</summary>
    internal static string? MissingReason => PostgresBinaries.MissingReason;
}
