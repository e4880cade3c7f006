using System.Globalization;
using System.Text.Json;

namespace OrleansChat.Faults.Tests;

/// <summary>The import command and the server mean the same store, whichever of them is first.</summary>
public sealed class ImportTests : IDisposable
{
    private const int DemoPeople = 7;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_DemoTenantBeforeTheFirstStart_FindsItsPeopleAndTheServerSeedsTheRest()
    {
        await using var store = new SqliteUnderTest(_folder.Path);

        var import = await ImportAsync(["--member", "ann", .. Settings(store), "--environment", "Development"]);

        import.Errors.ShouldBeEmpty();
        import.ExitCode.ShouldBe(0);
        import.Output.ShouldContain($"Store: SQLite file {_folder.File("chat.db")}");
        await SeedsAsync(store, groups: 2);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("acme")]
    public async Task Import_Refused_LeavesAStoreThatTheFirstStartSeeds(string tenant)
    {
        await using var store = new SqliteUnderTest(_folder.Path);

        var import = await ImportAsync(["--member", "nobody", .. Settings(store), "--environment=Production"], tenant);

        import.ExitCode.ShouldBe(1);
        import.Errors.ShouldContain("nobody");
        await SeedsAsync(store, groups: 1);
    }

    [Fact]
    public async Task Import_DemoTenantWithoutItsPeople_TheServerAddsThem()
    {
        await using var store = new SqliteUnderTest(_folder.Path);
        (await ImportAsync([.. Settings(store), "--environment=Production"])).ExitCode.ShouldBe(0);

        await SeedsAsync(store, groups: 2);
        await SeedsAsync(store, groups: 2);
    }

    [Fact]
    public async Task Import_AnotherTenant_TheServerLeavesTheStoreAlone()
    {
        await using var store = new SqliteUnderTest(_folder.Path);
        (await ImportAsync([.. Settings(store)], "acme")).ExitCode.ShouldBe(0);

        (await PeopleAsync(store)).ShouldBe(0);

        (await store.ReadAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Import_PostgresAmongItsSettings_GoesThere()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var store = await PostgresUnderTest.StartAsync();

        var import = await ImportAsync([.. Settings(store)]);

        import.Errors.ShouldBeEmpty();
        import.Output.ShouldContain("Store: PostgreSQL database chat_1 on ");
        (await store.ReadAsync()).ShouldHaveSingleItem().Messages.Count.ShouldBe(3);
        File.Exists(_folder.File("data/chat.db")).ShouldBeFalse();
    }

    private static IEnumerable<string> Settings(StoreUnderTest store) => store.Settings.SelectMany(setting => (string[])[$"--{setting.Key}", setting.Value]);

    private async Task<(int ExitCode, string Output, string Errors)> ImportAsync(IEnumerable<string> more, string tenant = "demo")
    {
        var file = _folder.File("2026-01-05.txt");
        await File.WriteAllTextAsync(file, "[10:00] <bert> hello\n[10:01] <carl> hi\n", TestContext.Current.CancellationToken);
        return await GatewayProcess.RunAsync(_folder.Path, ["import", "--tenant", tenant, "--group", "Support", file, .. more]);
    }

    private async Task SeedsAsync(SqliteUnderTest store, int groups)
    {
        (await PeopleAsync(store)).ShouldBe(DemoPeople);
        var conversations = await store.ReadAsync();
        conversations.Count.ShouldBe(groups);
        conversations.Count(conversation => conversation.Members.Count == DemoPeople).ShouldBe(1);
    }

    /// <summary>Starts the server and counts whom its sign-in page offers.</summary>
    private async Task<int> PeopleAsync(SqliteUnderTest store)
    {
        var port = GatewayProcess.FreePort();
        await using var server = await GatewayProcess.StartAsync(port, _folder.Path, store.Settings);
        using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")) };
        using var people = JsonDocument.Parse(await http.GetStringAsync("/api/development/people", TestContext.Current.CancellationToken));
        return people.RootElement.GetArrayLength();
    }
}
