using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansChat.Contracts.Tests;

/// <summary>What operators are given fits the programs: metrics, alarms, time limits, no secrets; and <c>dev/cluster</c> explains itself.</summary>
public sealed partial class DeployTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>As the translation from OTLP names them, without unit and suffix.</summary>
    private static readonly HashSet<string> Instruments =
    [
        .. new[] { "src/Gateway", "src/Grains" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)))
            .Select(name => name.Groups[1].Value.Replace('.', '_')),
    ];

    [Theory]
    [InlineData("deploy/dashboards/orleans-chat.json")]
    [InlineData("deploy/dashboards/alerts.yaml")]
    public void Metrics_OfTheChat_ThatAreLookedAt_Exist(string file)
    {
        var metrics = Metric().Matches(Repository.Read(file)).Select(metric => metric.Value).ToHashSet();

        metrics.ShouldContain(metric => metric.StartsWith("chat_gateway_", StringComparison.Ordinal));
        metrics.ShouldContain(metric => metric.StartsWith("chat_log_", StringComparison.Ordinal));
        metrics.Select(metric => Suffix().Replace(metric, string.Empty)).ShouldBeSubsetOf(Instruments);
    }

    [Fact]
    public void Dashboard_IsJson() => JsonDocument.Parse(Repository.Read("deploy/dashboards/orleans-chat.json")).RootElement.GetProperty("panels").GetArrayLength().ShouldBePositive();

    [Fact]
    public void Alarms_AreExplained()
    {
        var alarms = Alarm().Matches(Repository.Read("deploy/dashboards/alerts.yaml")).Select(alarm => alarm.Groups[1].Value).ToList();
        var explained = ExplainedAlarm().Matches(Repository.Read("docs/operations.md")).Select(alarm => alarm.Groups[1].Value);

        alarms.ShouldNotBeEmpty();
        explained.ShouldBe(alarms, ignoreOrder: true);
    }

    [Theory]
    [InlineData("deploy/compose.yaml")]
    [InlineData("deploy/kubernetes/silos.yaml")]
    [InlineData("deploy/kubernetes/gateways.yaml")]
    [InlineData("deploy/kubernetes/settings.yaml")]
    [InlineData("deploy/kubernetes/migrate.yaml")]
    public void Files_ForContainers_HoldNoSecret(string file)
    {
        foreach (var line in Repository.Read(file).Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
        {
            Secret().IsMatch(line).ShouldBeFalse(line);
        }
    }

    [Theory]
    [InlineData("deploy/compose.yaml", "stop_grace_period: 50s", "stop_grace_period: 60s")]
    [InlineData("deploy/kubernetes/silos.yaml", "terminationGracePeriodSeconds: 50")]
    [InlineData("deploy/kubernetes/gateways.yaml", "terminationGracePeriodSeconds: 60")]
    public void Files_ForContainers_WaitLongerThanAStopTakes(string file, params string[] waits)
    {
        // Silo:ShutdownTimeout 40 s; twice Sockets:DrainTime and the rest of a gateway's stop, 51 s.
        foreach (var wait in waits)
        {
            Repository.Read(file).ShouldContain(wait);
        }
    }

    [Fact]
    public async Task Cluster_Help_NamesEveryCommand()
    {
        var (code, output, _) = await RunAsync("--help");

        code.ShouldBe(0);
        foreach (var command in new[] { "up", "down", "status", "logs", "stop", "start", "kill" })
        {
            output.ShouldContain($"dev/cluster {command}");
        }
    }

    [Theory]
    [InlineData("There is no command 'fly'. See dev/cluster --help.", "fly")]
    [InlineData("--silos is 'many'; it must be a number from 1 to 20. See dev/cluster --help.", "up", "--silos", "many")]
    [InlineData("--gateways is ''; it must be a number from 1 to 20. See dev/cluster --help.", "up", "--gateways")]
    [InlineData("up does not know '--fast'. See dev/cluster --help.", "up", "--fast")]
    [InlineData("'Silo:Name' is not a setting (--Section:Name=value). See dev/cluster --help.", "up", "--", "Silo:Name")]
    [InlineData("kill takes the name of one process. See dev/cluster --help.", "kill")]
    public async Task Cluster_WrongWords_AreRefusedInOneLine(string refusal, params string[] words)
    {
        var (code, _, error) = await RunAsync(words);

        code.ShouldBe(2);
        error.TrimEnd().ShouldBe(refusal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("bash", [Repository.PathOf("dev/cluster"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex("\"(chat\\.[a-z_.]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("chat_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("(_milliseconds|_seconds)?(_total|_bucket|_count|_sum)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex Alarm();

    [GeneratedRegex("^\\| `(Chat\\w+)` \\|", RegexOptions.Multiline)]
    private static partial Regex ExplainedAlarm();

    [GeneratedRegex("(?i)(password|secret)[\"']?\\s*[:=]\\s*[A-Za-z0-9+/]{6,}")]
    private static partial Regex Secret();
}
