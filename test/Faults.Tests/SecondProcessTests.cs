namespace OrleansChat.Faults.Tests;

/// <summary>Two embedded engines on one store would not see each other's events: the second process is refused.</summary>
public sealed class SecondProcessTests
{
    [Fact]
    public async Task Gateway_StoreHeldByAnother_RefusesToStartWithOneLineOnSqlite()
    {
        using var folder = new TempFolder();
        await using var store = new SqliteUnderTest(folder.Path);
        await RefusesAsync(folder.Path, store, "in use by another process");
    }

    [Fact]
    public async Task Gateway_StoreHeldByAnother_RefusesToStartWithOneLineOnPostgres()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        using var folder = new TempFolder();
        await using var store = await PostgresUnderTest.StartAsync();
        await RefusesAsync(folder.Path, store, "in use by another process");
    }

    [Fact]
    public async Task Import_StoreHeldByAServer_SaysSoAndStops()
    {
        using var folder = new TempFolder();
        await using var server = await GatewayProcess.StartAsync(GatewayProcess.FreePort(), folder.Path);
        var file = folder.File("2026-01-05.txt");
        await File.WriteAllTextAsync(file, "[10:00] <bob> hello\n", TestContext.Current.CancellationToken);

        var import = await GatewayProcess.RunAsync(folder.Path, "import", "--tenant", "demo", "--group", "Support", file);

        import.ExitCode.ShouldBe(1);
        import.Output.ShouldBeEmpty();
        import.Errors.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain("in use by another process");
    }

    [Fact]
    public async Task Gateway_Terminated_EndsWithZeroAndNoComplaint()
    {
        using var folder = new TempFolder();
        await using var server = await GatewayProcess.StartAsync(GatewayProcess.FreePort(), folder.Path);

        await server.TerminateAsync();

        server.ExitCode.ShouldBe(0);
        (await server.Errors).ShouldBeEmpty();
        (await File.ReadAllTextAsync(folder.File("gateway.log"), TestContext.Current.CancellationToken)).ShouldNotContain("fail:");
    }

    private static async Task RefusesAsync(string folder, StoreUnderTest store, string reason)
    {
        var (firstPort, secondPort) = (GatewayProcess.FreePort(), GatewayProcess.FreePort());
        await using var first = await GatewayProcess.StartAsync(firstPort, folder, store.Settings);
        await using var second = GatewayProcess.Launch(secondPort, Directory.CreateDirectory(Path.Combine(folder, "second")).FullName, store.Settings);

        await second.EndsAsync();

        second.ExitCode.ShouldNotBe(0);
        var lines = (await second.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldHaveSingleItem().ShouldContain(reason);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{firstPort}") };
        using var ready = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        ready.IsSuccessStatusCode.ShouldBeTrue("the first one is not disturbed");
    }
}
