using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.MessageLog.Copying;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>From the file of a single machine to PostgreSQL.</summary>
public sealed class StoreCopyTests(PostgresServerFixture fixture) : IDisposable
{
    private const string Option = "Store:ConnectionString";

    /// <summary>Texts as both keep them; what is kept differently (times, flags, ids) is brought into one form.</summary>
    private static readonly (string Table, string Sqlite, string Postgres)[] Rows =
    [
        ("tenants", "tenant_id || created_at", "tenant_id || {created_at}"),
        ("users", "tenant_id || user_id || name || role || active || created_at", "tenant_id || user_id || name || role || active::int || {created_at}"),
        ("conversations",
            "tenant_id || conversation_id || kind || type || coalesce(title, '-') || rev || seq || members_rev || created_by || created_at || last_activity_at || last_message_seq",
            "tenant_id || conversation_id || kind || type || coalesce(title, '-') || rev || seq || members_rev || created_by || {created_at} || {last_activity_at} || last_message_seq"),
        ("participants",
            "tenant_id || conversation_id || user_id || joined_rev || joined_seq || coalesce(left_rev, '-') || coalesce(left_seq, '-') || read_seq || read_version || level || coalesce(muted_from, '-')",
            "tenant_id || conversation_id || user_id || joined_rev || joined_seq || coalesce(left_rev::text, '-') || coalesce(left_seq::text, '-') || read_seq || read_version || level || coalesce({muted_from}::text, '-')"),
        ("messages",
            "tenant_id || conversation_id || seq || rev || kind || author_id || lower(hex(client_id)) || lower(hex(content_hash)) || text || (fact is null) || created_at || stored_at || version || coalesce(edited_at, '-') || coalesce(deleted_at, '-') || coalesce(deleted_by, '-') || (mentions is null) || (first_mentions is null) || coalesce(reply_to_seq, '-') || reacted",
            "tenant_id || conversation_id || seq || rev || kind || author_id || replace(client_id::text, '-', '') || encode(content_hash, 'hex') || text || (fact is null)::int || {created_at} || {stored_at} || version || coalesce({edited_at}::text, '-') || coalesce({deleted_at}::text, '-') || coalesce(deleted_by, '-') || (mentions is null)::int || (first_mentions is null)::int || coalesce(reply_to_seq::text, '-') || reacted::int"),
        ("changes",
            "tenant_id || conversation_id || rev || at || kind || seq || stored_at || coalesce(message_seq, '-') || coalesce(author_id, '-') || coalesce(nullif(lower(hex(client_id)), ''), '-') || coalesce(nullif(lower(hex(content_hash)), ''), '-')",
            "tenant_id || conversation_id || rev || {at} || kind || seq || {stored_at} || coalesce(message_seq::text, '-') || coalesce(author_id, '-') || coalesce(replace(client_id::text, '-', ''), '-') || coalesce(encode(content_hash, 'hex'), '-')"),
        ("message_versions",
            "tenant_id || conversation_id || seq || version || text || (mentions is null) || written_at",
            "tenant_id || conversation_id || seq || version || text || (mentions is null)::int || {written_at}"),
        ("mentions",
            "tenant_id || user_id || conversation_id || seq || (done_at is null)",
            "tenant_id || user_id || conversation_id || seq || (done_at is null)::int"),
        ("reactions", "tenant_id || conversation_id || seq || emoji || user_id || rev", "tenant_id || conversation_id || seq || emoji || user_id || rev"),
        ("former_titles", "tenant_id || conversation_id || rev || title", "tenant_id || conversation_id || rev || title"),
        ("audit",
            "tenant_id || lower(hex(id)) || at || actor_id || action || conversation_id || (details is null)",
            "tenant_id || replace(id::text, '-', '') || {at} || actor_id || action || conversation_id || (details is null)::int"),
        ("notification_settings_log",
            "tenant_id || conversation_id || user_id || read_version || ended_at || level || coalesce(muted_from, '-') || coalesce(muted_until, '-')",
            "tenant_id || conversation_id || user_id || read_version || {ended_at} || level || coalesce({muted_from}::text, '-') || coalesce({muted_until}::text, '-')"),
        ("notification_reports",
            "tenant_id || conversation_id || user_id || seq || device || outcome || at",
            "tenant_id || conversation_id || user_id || seq || device || outcome || {at}"),
        ("notify_now", "tenant_id || sender_id || user_id || at", "tenant_id || sender_id || user_id || {at}"),
        ("drafts",
            "tenant_id || user_id || conversation_id || version || text || coalesce(reply_to_seq, '-') || at",
            "tenant_id || user_id || conversation_id || version || text || coalesce(reply_to_seq::text, '-') || {at}"),
        ("grain_states", "name || key || version || json_extract(content, '$.a')", "name || key || version || (content->>'a')"),
    ];

    private readonly TempFolder _folder = new();

    private string Source => _folder.File("chat.db");

    private PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
            return fixture.Server!;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_EmptyTarget_HoldsEveryRowAsItWasAndGoesOnFromThere()
    {
        var target = await TargetAsync();
        var (tenant, conversation, head, clientId) = await FillAsync();

        var copied = await StoreCopy.RunAsync(Source, target, Option, Cancellation);

        copied.Select(table => table.Table).ShouldBe(Rows.Select(rows => rows.Table));
        foreach (var (table, sqlite, postgres) in Rows)
        {
            var expected = await SqliteRowsAsync($"select {sqlite} from {table}");
            expected.ShouldNotBeEmpty(table);
            copied.ShouldContain((table, expected.Count));
            var micros = System.Text.RegularExpressions.Regex.Replace(postgres, @"\{(\w+)\}", "(extract(epoch from $1) * 1000000)::bigint");
            (await PostgresRowsAsync(target, $"select {micros} from {table}")).ShouldBe(expected, ignoreOrder: true, table);
        }

        await using var store = await StoreFixture.OpenAsync(target);
        (await store.Log.FindCommandsAsync(tenant.Id, conversation, [new CommandId { AuthorId = Ann, ClientId = clientId }], Cancellation))
            .ShouldHaveSingleItem("a post repeated after the move is still known");
        var next = await store.Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Bob, "after the move")), Cancellation);
        next.ShouldBeOfType<AppendResult.Appended>().Head.Rev.ShouldBe(head.Rev + 1);
    }

    [Fact]
    public async Task RunAsync_TargetThatHoldsATenant_IsRefusedAndLeftAlone()
    {
        var target = await TargetAsync();
        await FillAsync();
        await StoreCopy.RunAsync(Source, target, Option, Cancellation);

        var refusal = await Should.ThrowAsync<StoreStartException>(() => StoreCopy.RunAsync(Source, target, Option, Cancellation));

        refusal.Message.ShouldEndWith("holds tenants already; copy into an empty one.");
    }

    [Fact]
    public async Task RunAsync_ServerOnTheFile_IsRefused()
    {
        var target = await TargetAsync();
        await using var server = await StoreFixture.OpenAsync(new SqliteStoreOptions { Path = Source });

        var refusal = await Should.ThrowAsync<StoreStartException>(() => StoreCopy.RunAsync(Source, target, Option, Cancellation));

        refusal.Message.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task RunAsync_DamagedFile_IsRefusedAndNothingIsCopied()
    {
        var target = await TargetAsync();
        await FillAsync();
        await using (var connection = Open())
        {
            await using var command = new SqliteCommand("delete from messages where text = 'text 2'", connection);
            (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
        }

        var refusal = await Should.ThrowAsync<StoreStartException>(() => StoreCopy.RunAsync(Source, target, Option, Cancellation));

        refusal.Message.ShouldContain("1 conversations whose counters are not those of their rows");
        (await PostgresRowsAsync(target, "select tenant_id from tenants")).ShouldBeEmpty();
    }

    private async Task<PostgresStoreOptions> TargetAsync() =>
        new() { ConnectionString = await Server.CreateDatabaseAsync(), ExclusiveProcess = false };

    /// <summary>People, a group with texts, facts and changes, a direct conversation, read marks, somebody who left.</summary>
    private async Task<(TestTenant Tenant, ConversationId Conversation, Head Head, Guid ClientId)> FillAsync()
    {
        await using var store = await StoreFixture.OpenAsync(new SqliteStoreOptions { Path = Source });
        var tenant = await CreateAsync(store);
        var (conversation, head) = await tenant.GroupAsync(3);
        await store.States.WriteAsync("presence", "presence/acme/u/\u00e9", """{"a":"\u00e9 \"x\""}""", null, Cancellation);
        var clientId = Guid.NewGuid();
        head = await tenant.WriteAsync(tenant.Append(
            conversation, head, tenant.Text(Ann, "two\nlines, \"quoted\" \\N \u00e9 \U0001F600", clientId), tenant.Change(payload: """{"a":"\u00e9"}""")));
        head = await tenant.WriteAsync(tenant.Append(
            conversation, head, tenant.Text(Ann, "<@bob> <@ann>") with { Mentions = new MentionSet { Users = [Bob, Ann], All = true }, ReplyTo = 2 }));
        head = await tenant.WriteAsync(tenant.Append(
            conversation,
            head,
            tenant.Change("edited") with
            {
                MessageSeq = head.Seq,
                CommandId = new CommandId(Ann, Guid.NewGuid()),
                Revision = new MessageRevision { Version = 2, Text = "<@bob>", Mentions = new MentionSet { Users = [Bob] }, NotMentioned = [Ann] },
            },
            tenant.Change("reacted") with { MessageSeq = head.Seq, Reaction = new ReactionEdit(Bob, "\u2764\ufe0f", true) },
            tenant.Change("deleted") with
            {
                MessageSeq = 2,
                Revision = new MessageRevision { Version = 2, Text = "", DeletedBy = Ann },
            }) with
        {
            Title = "Sit-down",
            Audits = [new AuditEntry { At = tenant.NextMinute(), ActorId = Ann, Action = "test", Details = "{}" }],
        });
        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Removed, Bob)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "hi")));
        await store.Inbox.MarkReadAsync(tenant.Id, Bob, AnnAndBob, 1, Cancellation);
        await store.Inbox.WriteNotificationsAsync(
            tenant.Id, Ann, AnnAndBob, new StoredNotifications(new NotificationSettings { Level = NotificationLevel.Default }, 1),
            new NotificationSettings { Level = NotificationLevel.All, MutedFrom = tenant.NextMinute() }, tenant.NextMinute(), Cancellation);
        await store.Inbox.ReportNotificationsAsync(
            tenant.Id, Ann, "desk", [new NotificationReport { ConversationId = AnnAndBob, Seq = 1, Outcome = NotificationOutcome.Shown, At = tenant.NextMinute() }], Cancellation);
        await store.Inbox.TakeNotifyNowAsync(tenant.Id, Ann, [Bob], tenant.NextMinute(), TimeSpan.FromHours(1), Cancellation);
        await store.Inbox.WriteDraftAsync(
            tenant.Id, Ann, new Draft { ConversationId = AnnAndBob, Version = 1, Text = "two\nlines \u00e9 \U0001F600", ReplyTo = 1 }, tenant.NextMinute(), Cancellation);
        await store.Inbox.WriteDraftAsync(
            tenant.Id, Ann, new Draft { ConversationId = ConversationId.Direct(Ann, Cleo), Version = 1, Text = "to somebody new" }, tenant.NextMinute(), Cancellation);
        return (tenant, conversation, head, clientId);
    }

    private async Task<List<string>> SqliteRowsAsync(string sql)
    {
        await using var connection = Open();
        await using var command = new SqliteCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> rows = [];
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static async Task<List<string>> PostgresRowsAsync(PostgresStoreOptions target, string sql)
    {
        await using var source = NpgsqlDataSource.Create(target.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> rows = [];
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Source};Pooling=false");
        connection.Open();
        return connection;
    }
}
