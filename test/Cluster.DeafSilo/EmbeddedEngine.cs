namespace OrleansChat.Cluster.DeafSilo;

/// <summary>There is nothing to host with the embedded engine.</summary>
internal static class DeafSilo
{
    internal static async Task<int> RunAsync(string[] args)
    {
        _ = args;
        await Console.Error.WriteLineAsync("A silo needs the Orleans engine: build with -p:Engine=Orleans.");
        return 2;
    }
}
