using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Tenants;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IRetentionStore"/> finds, and what it costs.</summary>
public abstract class RetentionStoreCompliance
{
    private readonly StoreFixture _fixture;

    protected RetentionStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ChatStore Store => _fixture.Store;

    [Fact]
    [Rule("R5")]
    public async Task ReadExpiredAsync_AmongManyTombstones_FindsTheOldestWithoutWalkingOverThem()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 1_000);
        await _fixture.ExecuteAsync($"update messages set deleted_at = created_at where tenant_id = '{tenant.Id}' and seq between 2 and 991");
        var cutoff = tenant.NextMinute();
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Ann, "later")));

        (await Store.Retention.ReadExpiredAsync(tenant.Id, group, cutoff, 3, Cancellation)).ShouldBe([992L, 993, 994]);
        (await Store.Retention.CountExpiredAsync(tenant.Id, group, cutoff, Cancellation)).ShouldBe(10);
        (await Store.Retention.IsAnythingExpiredAsync(tenant.Id, group, cutoff, Cancellation)).ShouldBeTrue();

        foreach (var sql in (string[])[RetentionSql.Expired, RetentionSql.CountExpired, RetentionSql.IsAnythingExpired])
        {
            var asked = sql.Replace("$1", $"'{tenant.Id}'", StringComparison.Ordinal)
                .Replace("$2", $"'{group}'", StringComparison.Ordinal)
                .Replace("$3", "'2026-01-01'", StringComparison.Ordinal)
                .Replace("$4", "128", StringComparison.Ordinal);
            (await _fixture.ExplainAsync(asked)).ShouldContain("messages_by_age");
        }
    }

    [Fact]
    [Rule("R4")]
    [Rule("R5")]
    public async Task AppendAsync_WithARetention_IsStoredWithItsFactAndItsAuditOrNotAtAll()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 1);
        var append = tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.RetentionChanged)) with
        {
            Retention = new ConversationRetention { Days = 7, LegalHold = true },
            Audits = [new AuditEntry { At = tenant.NextMinute(), ActorId = Ann, Action = "retention.changed", Details = "{}" }],
        };

        (await Store.Log.AppendAsync(append with { Expected = head with { Rev = head.Rev + 1 } }, Cancellation)).ShouldBeOfType<AppendResult.Fenced>();
        (await RetentionAsync()).ShouldBe(new ConversationRetention());
        head = await tenant.WriteAsync(append);
        (await RetentionAsync()).ShouldBe(append.Retention);
        (await Store.Log.AppendAsync(append with { Expected = head, Retention = new ConversationRetention() }, Cancellation))
            .ShouldBeOfType<AppendResult.Duplicates>();
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Ann, "what says nothing of it leaves it")));
        (await RetentionAsync()).ShouldBe(append.Retention);
        (await Store.Audit.ReadPageAsync(tenant.Id, null, 10, Cancellation)).ShouldHaveSingleItem().Action.ShouldBe("retention.changed");

        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.RetentionChanged)) with { Retention = new ConversationRetention() });
        (await RetentionAsync()).ShouldBe(new ConversationRetention());

        async Task<ConversationRetention> RetentionAsync() => (await Store.Retention.ReadAsync(tenant.Id, group, Cancellation)).ShouldNotBeNull();
    }
}

public sealed class SqliteRetentionStoreTests(SqliteStoreFixture fixture) : RetentionStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresRetentionStoreTests(PostgresStoreFixture fixture) : RetentionStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
