using System.Text.Json;
using OrleansChat.Grains.States;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IGrainStateStore"/> does.</summary>
public abstract class GrainStateStoreCompliance
{
    private readonly StoreFixture _fixture;
    private readonly string _key = $"state/acme/u/{Guid.NewGuid():N}";

    protected GrainStateStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private IGrainStateStore States => _fixture.Store.States;

    [Fact]
    public async Task WriteAsync_NewThenReplaced_IsReadAsWrittenWithItsVersion()
    {
        (await States.ReadAsync("name", _key, Cancellation)).ShouldBeNull();
        (await States.WriteAsync("name", _key, """{"a": "é 😀 \" \\ "}""", null, Cancellation)).ShouldBe(1);
        (await ContentAsync()).ShouldBe(("é 😀 \" \\ ", 1));
        (await States.WriteAsync("name", _key, """{"a": "b"}""", 1, Cancellation)).ShouldBe(2);
        (await ContentAsync()).ShouldBe(("b", 2));
    }

    [Fact]
    public async Task WriteAsync_AnotherVersionThanTheStoredOne_IsRefusedAndChangesNothing()
    {
        (await States.WriteAsync("name", _key, """{"a": "x"}""", 1, Cancellation)).ShouldBeNull("there is none to replace");
        await States.WriteAsync("name", _key, """{"a": "first"}""", null, Cancellation);
        (await States.WriteAsync("name", _key, """{"a": "x"}""", null, Cancellation)).ShouldBeNull();
        (await States.WriteAsync("name", _key, """{"a": "x"}""", 2, Cancellation)).ShouldBeNull();
        (await States.RemoveAsync("name", _key, 2, Cancellation)).ShouldBeFalse();

        (await ContentAsync()).ShouldBe(("first", 1));
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_OneWinsPerVersion()
    {
        for (long? version = null; version is null or < 5; version = (version ?? 0) + 1)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(writer =>
                Task.Run(() => States.WriteAsync("name", _key, $$"""{"a": "{{writer}}"}""", version, Cancellation))));
            answers.Count(answer => answer is not null).ShouldBe(1);
            (await ContentAsync()).Item2.ShouldBe((version ?? 0) + 1);
        }
    }

    [Fact]
    public async Task States_ThatDifferInNameOrKey_AreApart()
    {
        await States.WriteAsync("name", _key, """{"a": "one"}""", null, Cancellation);
        await States.WriteAsync("other", _key, """{"a": "two"}""", null, Cancellation);
        await States.WriteAsync("name", _key + "x", """{"a": "three"}""", null, Cancellation);
        (await States.RemoveAsync("other", _key, 1, Cancellation)).ShouldBeTrue();

        (await ContentAsync()).ShouldBe(("one", 1));
        (await States.ReadAsync("other", _key, Cancellation)).ShouldBeNull();
        (await States.WriteAsync("other", _key, """{"a": "again"}""", null, Cancellation)).ShouldBe(1);
    }

    private async Task<(string?, long)> ContentAsync()
    {
        var stored = (await States.ReadAsync("name", _key, Cancellation)).ShouldNotBeNull();
        return (JsonElement.Parse(stored.Content).GetProperty("a").GetString(), stored.Version);
    }
}

public sealed class SqliteGrainStateStoreTests(SqliteStoreFixture fixture) : GrainStateStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresGrainStateStoreTests(PostgresStoreFixture fixture) : GrainStateStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
