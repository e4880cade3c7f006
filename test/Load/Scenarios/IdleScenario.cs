using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load.Scenarios;

/// <summary>
/// What an idle session holds: the gateway's memory with a few sessions (everything is compiled and allocated once), and
/// again with many more that do nothing but answer pings.
/// </summary>
internal static class IdleScenario
{
    internal static async Task RunAsync(
        Stage stage, int firstSessions, int sessions, TimeSpan settle, IReadOnlyList<Contender> contenders, int rounds, CancellationToken cancellationToken)
    {
        if (stage.Pinned)
        {
            await Pinning.PinLoadAsync();
        }

        var report = new RunReport("idle", new JsonObject
        {
            ["store"] = stage.Store.ToString(),
            ["firstSessions"] = firstSessions,
            ["sessions"] = sessions,
            ["settleSeconds"] = settle.TotalSeconds,
            ["rounds"] = rounds,
            ["pinned"] = stage.Pinned,
            ["settings"] = SocketScenario.Settings(stage, contenders),
        });
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                RunReport.Say($"{contender.Name} starts (round {round} of {rounds})");
                await using var server = await contender.StartAsync(stage, cancellationToken);
                report.Add(contender.Name, await MeasureAsync(server, firstSessions, sessions, settle, cancellationToken));
            }
        }

        report.Write();
    }

    private static async Task<Figures> MeasureAsync(
        RunningServer server, int firstSessions, int sessions, TimeSpan settle, CancellationToken cancellationToken)
    {
        using var fleet = new Fleet();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var process = (ServerProcess)server.Server;
        var gc = new RuntimeDiagnostics(process.Tree);
        await fleet.ConnectAsync(server, firstSessions, 1, Ignore, cancellationToken);
        new Thread(() => Ping(fleet, ended.Token)) { IsBackground = true, Name = "pings" }.Start();
        await Task.Delay(settle, cancellationToken);
        await gc.CollectAsync(cancellationToken);
        var (residentBefore, anonymousBefore) = process.Tree.Memory();

        RunReport.Say($"{sessions:N0} more sessions connect");
        var began = Stopwatch.GetTimestamp();
        var cpuBefore = process.Tree.CpuSeconds();
        await fleet.ConnectAsync(server, firstSessions + sessions, 1, Ignore, cancellationToken);
        var connectSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var connectCpu = process.Tree.CpuSeconds() - cpuBefore;
        RunReport.Say($"they stay idle for {settle.TotalSeconds:N0} s");
        await Task.Delay(settle, cancellationToken);
        var (residentUncollected, _) = process.Tree.Memory();
        await gc.CollectAsync(cancellationToken);
        var (resident, anonymous) = process.Tree.Memory();
        var cpuIdle = process.Tree.CpuSeconds();
        await Task.Delay(settle, cancellationToken);
        cpuIdle = process.Tree.CpuSeconds() - cpuIdle;
        await ended.CancelAsync();
        if (fleet.Open != firstSessions + sessions)
        {
            throw new LoadException($"Of {firstSessions + sessions} sessions {fleet.Open} are still open. {process.LastWords}");
        }

        const double kibibyte = 1024;
        return new Figures()
            .Add("residentKiBPerSession", (resident - residentBefore) / kibibyte / sessions)
            .Add("anonymousKiBPerSession", (anonymous - anonymousBefore) / kibibyte / sessions)
            .Add("residentUncollectedKiBPerSession", (residentUncollected - residentBefore) / kibibyte / sessions)
            .Add("residentMiB", resident / kibibyte / kibibyte)
            .Add("connectsPerSecond", sessions / connectSeconds)
            .Add("connectCpuMsPerSession", connectCpu * 1000 / sessions)
            .Add("idleCores", cpuIdle / settle.TotalSeconds);
    }

    private static void Ping(Fleet fleet, CancellationToken ended)
    {
        var at = 0;
        while (!ended.IsCancellationRequested)
        {
            var count = fleet.Sessions.Count;
            Timetable.SleepUntil(Stopwatch.GetTimestamp() + (long)(Fleet.PingInterval.TotalSeconds * Stopwatch.Frequency / count));
            fleet.Sessions[at++ % count].Ping();
        }
    }

    private static void Ignore(LeanSession session, ReadOnlySpan<byte> record, long receivedAt)
    {
        // Idle sessions only keep their connection.
    }
}
