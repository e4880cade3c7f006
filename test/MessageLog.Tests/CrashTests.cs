using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>
/// A real process writes and is killed at random moments (invariants I-1, I-2, I-3, I-5): acknowledged ⊆ stored ⊆ sent,
/// no command twice, both counters without a gap.
/// </summary>
public sealed class CrashTests
{
    private const int Kills = 6;
    private const int Conversations = 6;

    // Every rev and seq from 1 to the head, once.
    private const string BrokenConversations =
        """
        select count(*) from conversations c
        where c.rev <> (select count(*) from conversation_changes l where l.tenant_id = c.tenant_id and l.conversation_id = c.conversation_id)
            or c.rev <> (select max(rev) from conversation_changes l where l.tenant_id = c.tenant_id and l.conversation_id = c.conversation_id)
            or c.seq <> (select count(*) from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.conversation_id)
            or c.seq <> (select max(seq) from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.conversation_id)
            or c.last_message_seq <> c.seq
        """;

    private const string RepeatedCommands = "select count(*) - count(distinct client_id) from messages";

    private readonly HashSet<Guid> _sent = [];
    private readonly HashSet<Guid> _acknowledged = [];
    private readonly Random _random = new(20_260_301);

    [Fact]
    public async Task Sqlite_ProcessKilledAgainAndAgain_LosesAndInventsNothing()
    {
        using var folder = new TempFolder();
        var path = folder.File("chat.db");
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAWriterAsync("sqlite", path);
        }

        await CheckAsync(new SqliteStoreOptions { Path = path });
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        foreach (var (sql, expected) in (IEnumerable<(string, object)>)[(BrokenConversations, 0L), (RepeatedCommands, 0L), ("pragma integrity_check", "ok")])
        {
            await using var command = new SqliteCommand(sql, connection);
            (await command.ExecuteScalarAsync(Cancellation)).ShouldBe(expected, sql);
        }
    }

    [Fact]
    public async Task Postgres_ProcessAndServerKilledAgainAndAgain_LoseAndInventNothing()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var server = await PostgresServer.StartAsync();
        var place = await server.CreateDatabaseAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAWriterAsync("postgres", place);
        }

        await using (var writer = WriterProcess.Start("postgres", place))
        {
            await writer.AcknowledgesAsync(_random.Next(100, 600));
            await server.CrashAsync();
            (await writer.ExitAsync()).Errors.ShouldContain(nameof(StoreUnavailableException));
            Collect(writer);
        }

        await server.StartAgainAsync();
        await KillAWriterAsync("postgres", place);

        await CheckAsync(new PostgresStoreOptions { ConnectionString = place });
        await using var connection = new NpgsqlConnection(place);
        await connection.OpenAsync(Cancellation);
        foreach (var sql in (string[])[BrokenConversations, RepeatedCommands])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            (await command.ExecuteScalarAsync(Cancellation)).ShouldBe(0L, sql);
        }
    }

    private async Task KillAWriterAsync(string kind, string place)
    {
        await using var writer = WriterProcess.Start(kind, place);
        await writer.AcknowledgesAsync(_random.Next(1, 600));
        await writer.KillAsync();
        Collect(writer);
    }

    private void Collect(WriterProcess writer)
    {
        _sent.UnionWith(writer.Sent);
        _acknowledged.UnionWith(writer.Acknowledged);
    }

    private async Task CheckAsync(StoreOptions options)
    {
        await using var store = await StoreFixture.OpenAsync(options);
        var stored = new HashSet<Guid>();
        for (var number = 0; number < Conversations; number++)
        {
            var conversation = ConversationId.Of(new Guid(number, 0, 0, new byte[8]));
            var next = 1L;
            while ((await store.Log.ReadMessagesAsync(TenantId.Of("writer"), conversation, Ann, next, long.MaxValue, Cancellation))?.Messages is { Length: > 0 } page)
            {
                page.Select(message => message.Seq).ShouldBe(Enumerable.Range(0, page.Length).Select(index => next + index));
                page.ShouldAllBe(message => stored.Add(message.ClientId));
                next += page.Length;
            }
        }

        _acknowledged.Count.ShouldBeGreaterThan(0);
        _acknowledged.Except(stored).ShouldBeEmpty("acknowledged, but lost");
        stored.Except(_sent).ShouldBeEmpty("stored, but never sent");
    }
}
