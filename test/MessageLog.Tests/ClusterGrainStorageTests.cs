using OrleansChat.Testing;

namespace OrleansChat.MessageLog.Tests;

/// <summary>The statements that Orleans' grain storage runs: one row per state, one winner per version.</summary>
public sealed class ClusterGrainStorageTests(PostgresServerFixture fixture)
{
    private static readonly byte[] First = [1];
    private static readonly byte[] Second = [2];

    private PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
            return fixture.Server!;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("acme/ann")]
    public async Task Write_FirstWritesRace_OneWinsAndOneRowStays(string? text)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);

        for (var round = 0; round < 100; round++)
        {
            var answers = await Task.WhenAll(
                Task.Run(() => WriteAsync(database, null, First, text, round)),
                Task.Run(() => WriteAsync(database, null, Second, text, round)));

            answers.Order().ShouldBe([null, 1]);
            var kept = (await ReadAsync(database, text, round)).ShouldHaveSingleItem();
            kept["Version"].ShouldBe(1);
            kept["PayloadBinary"].ShouldBe(answers[0] is 1 ? First : Second);
        }

        (await database.ScalarAsync("select count(*) from OrleansStorage")).ShouldBe(100L);
    }

    [Fact]
    public async Task Write_WithoutVersionWhereARowIs_IsRefused()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await WriteAsync(database, null, First);

        (await WriteAsync(database, null, Second)).ShouldBeNull();
        (await ReadAsync(database)).ShouldHaveSingleItem()["PayloadBinary"].ShouldBe(First);
    }

    [Fact]
    public async Task Write_StaleVersion_IsRefused()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await WriteAsync(database, null, First);

        (await WriteAsync(database, 1, Second)).ShouldBe(2);
        (await WriteAsync(database, 1, First)).ShouldBeNull();
        (await WriteAsync(database, 3, First)).ShouldBeNull();
        (await ReadAsync(database)).ShouldHaveSingleItem()["PayloadBinary"].ShouldBe(Second);
    }

    [Fact]
    public async Task Write_WithVersionWhereNoRowIs_IsRefused()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);

        (await WriteAsync(database, 1, First)).ShouldBeNull();
        (await ReadAsync(database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Clear_KnownVersion_KeepsTheVersionsCounting()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await WriteAsync(database, null, First);

        (await RemoveAsync(database, "ClearStorageKey", 1)).ShouldBe(2);
        var cleared = (await ReadAsync(database)).ShouldHaveSingleItem();
        cleared["PayloadBinary"].ShouldBeNull();
        cleared["Version"].ShouldBe(2);
        (await WriteAsync(database, 1, First)).ShouldBeNull();
        (await WriteAsync(database, 2, Second)).ShouldBe(3);
    }

    [Theory]
    [InlineData("ClearStorageKey")]
    [InlineData("DeleteStorageKey")]
    public async Task Remove_StaleVersion_IsRefused(string key)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await WriteAsync(database, null, First);
        await WriteAsync(database, 1, Second);

        (await RemoveAsync(database, key, 1)).ShouldBeNull();
        (await RemoveAsync(database, key, null)).ShouldBeNull();
        (await ReadAsync(database)).ShouldHaveSingleItem()["PayloadBinary"].ShouldBe(Second);
    }

    [Fact]
    public async Task Delete_KnownVersion_LeavesNothingAndAnswersAnotherVersion()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await WriteAsync(database, null, First);

        (await RemoveAsync(database, "DeleteStorageKey", 1)).ShouldBe(2);
        (await ReadAsync(database)).ShouldBeEmpty();
        (await WriteAsync(database, null, Second)).ShouldBe(1);
    }

    [Fact]
    public async Task States_ThatDifferInOnePartOfTheKey_AreApart()
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        (string Name, object? Value)[][] keys =
        [
            Key("ann"), Key("bob"), Key(""), Key(null), Key("ann", number: 1),
            With("GrainIdHash", 2), With("GrainTypeHash", 2), With("GrainIdN0", 2L), With("GrainTypeString", "other"), With("ServiceId", "other"),
        ];

        foreach (var key in keys)
        {
            (await VersionAsync(database, "WriteToStorageKey", [.. key, ("GrainStateVersion", null), ("PayloadBinary", First)])).ShouldBe(1);
        }

        await VersionAsync(database, "ClearStorageKey", [.. keys[0], ("GrainStateVersion", 1)]);
        foreach (var key in keys)
        {
            var row = (await database.AskAllAsync("ReadFromStorageKey", key)).ShouldHaveSingleItem();
            row["Version"].ShouldBe(key == keys[0] ? 2 : 1);
        }

        static (string Name, object? Value)[] With(string name, object value) => [.. Key("ann").Select(part => part.Name == name ? (name, value) : part)];
    }

    [Theory]
    [InlineData("ReadFromStorageKey")]
    [InlineData("ClearStorageKey")]
    public async Task Statement_ManyStates_FindsOneByTheIndex(string key)
    {
        await using var database = await ClusterDatabase.CreateAsync(Server);
        await database.ScalarAsync(
            """
            insert into OrleansStorage
            select n, 0, n, 1, 'state', 'acme/ann', 'chat', null, now(), 1 from generate_series(1, 10000) n;
            analyze OrleansStorage
            """);

        var plan = await database.ExplainAsync(key, [.. Key("acme/ann", number: 5000), ("GrainStateVersion", 1)]);

        plan.ShouldContain("Index Scan using orleansstorage_key");
    }

    private static Task<int?> WriteAsync(ClusterDatabase database, int? version, byte[] payload, string? text = "acme/ann", int number = 0) =>
        VersionAsync(database, "WriteToStorageKey", [.. Key(text, number), ("GrainStateVersion", version), ("PayloadBinary", payload)]);

    private static Task<int?> RemoveAsync(ClusterDatabase database, string key, int? version) =>
        VersionAsync(database, key, [.. Key("acme/ann"), ("GrainStateVersion", version)]);

    private static Task<List<IReadOnlyDictionary<string, object?>>> ReadAsync(ClusterDatabase database, string? text = "acme/ann", int number = 0) =>
        database.AskAllAsync("ReadFromStorageKey", Key(text, number));

    /// <summary>Null when it is refused: Orleans takes no row and no version for a conflict alike.</summary>
    private static async Task<int?> VersionAsync(ClusterDatabase database, string key, (string Name, object? Value)[] parameters) =>
        (int?)(await database.AskAsync(key, parameters))?["NewGrainStateVersion"];

    private static (string Name, object? Value)[] Key(string? text, int number = 0) =>
    [
        ("GrainIdHash", number), ("GrainIdN0", 0L), ("GrainIdN1", (long)number), ("GrainTypeHash", 1),
        ("GrainTypeString", "state"), ("GrainIdExtensionString", text), ("ServiceId", "chat"),
    ];
}
