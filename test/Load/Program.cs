using System.CommandLine;
using OrleansChat.Load;

// Continuations of sockets run on the thread that heard from the kernel: less work beside the server under test. Read
// once, when the first socket opens.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

// Interrupted, a run still stops its servers and removes its folders.
return await LoadCommands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
