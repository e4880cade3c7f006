// The embedded engine lives in the gateway's process (docs/decisions/0001-two-engines.md): there is nothing to host here.
await Console.Error.WriteLineAsync("A silo needs the Orleans engine: build with -p:Engine=Orleans. With the embedded engine, run the gateway alone.");
return 2;
