namespace OrleansChat.Silo;

/// <summary>The embedded engine lives in the gateway's process (docs/decisions/0001-two-engines.md): there is nothing to host here.</summary>
internal static class SiloProgram
{
    internal static async Task<int> RunAsync(string[] args)
    {
        _ = args;
        await Console.Error.WriteLineAsync("A silo needs the Orleans engine: build with -p:Engine=Orleans. With the embedded engine, run the gateway alone.");
        return 2;
    }
}
