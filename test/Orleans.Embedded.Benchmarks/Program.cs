using System.Globalization;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using Orleans.Hosting;
using OrleansChat.Orleans.Embedded.Benchmarks;

const string help = """
    Measures the embedded engine in this process.

    usage: Orleans.Embedded.Benchmarks [--seconds N] [--rounds N] [NAME...]

      --seconds N  how long each measurement runs (default 2)
      --rounds N   measurements per benchmark after the warm-up; the median is shown (default 5)
      NAME         only benchmarks whose name contains it: calls, grain, streams, activations

    calls, events and activations per second are totals over all callers. "bytes" is what the whole process allocated per
    operation, the benchmark's own state machines included.
    """;

var seconds = 2.0;
var rounds = 5;
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--help" or "-h":
            Console.WriteLine(help);
            return 0;
        case "--seconds" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seconds) && seconds > 0:
            i++;
            break;
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out rounds) && rounds > 0:
            i++;
            break;
        case var option when option.StartsWith('-'):
            Console.Error.WriteLine($"What is {option}? See --help.");
            return 2;
        default:
            names.Add(args[i]);
            break;
    }
}

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.UseOrleans(silo => silo
    .AddGrains(typeof(Benchmarks).Assembly)
    .AddMemoryStreams("memory")
    .Configure<GrainCollectionOptions>(static options =>
    {
        options.CollectionQuantum = TimeSpan.FromSeconds(1);
        options.CollectionAge = TimeSpan.FromSeconds(3);
    }));
using var host = builder.Build();
await host.StartAsync();
await new Benchmarks(host.Services, TimeSpan.FromSeconds(seconds), rounds).RunAsync(names);
await host.StopAsync();
return 0;
