using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>The log of conversations in a SQLite file.</summary>
internal sealed class SqliteMessageLog(SqliteWriter writer, SqliteReaders readers, TimeProvider clock, MessageLogInstruments instruments)
    : IMessageLog
{
    private const string ReadHead =
        "select rev, seq, members_rev, kind, title from conversations where tenant_id = $1 and conversation_id = $2";

    private const string ReadMembers =
        "select user_id from participants where tenant_id = $1 and conversation_id = $2 and left_seq is null";

    private const string ReadMembership =
        """
        select c.rev, c.seq, p.read_seq, c.members_rev
        from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        """;

    private const string ReadExistence =
        "select rev, seq, 0, members_rev from conversations where tenant_id = $1 and conversation_id = $2";

    private const string MessageColumns =
        "m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, m.text, m.fact, m.created_at";

    private const string ReadPage =
        "select " + MessageColumns +
        """

        from messages m
        join users u on u.tenant_id = m.tenant_id and u.user_id = m.author_id
        where m.tenant_id = $1 and m.conversation_id = $2 and m.seq between $3 and $4
        order by m.seq
        limit $5
        """;

    private const string ReadPosted =
        "select " + MessageColumns +
        """

        from messages m
        join users u on u.tenant_id = m.tenant_id and u.user_id = m.author_id
        where m.tenant_id = $1 and m.conversation_id = $2 and m.seq > $3 and m.rev > $4
        """;

    private const string SizeOfPosted =
        """
        select coalesce(sum(octet_length(text) + coalesce(octet_length(fact), 0)), 0) from messages
        where tenant_id = $1 and conversation_id = $2 and seq > $3 and rev > $4
        """;

    private const string ReadChanged =
        "select rev from changes where tenant_id = $1 and conversation_id = $2 and rev > $3";

    private const string RecentMessages = "select stored_at, tenant_id, conversation_id, rev from messages order by rowid desc";
    private const string RecentChanges = "select stored_at, tenant_id, conversation_id, rev from changes order by rowid desc";

    public async Task<AppendResult> AppendAsync(ConversationAppend append, CancellationToken cancellationToken)
    {
        if (AppendValidator.Refuse(append) is { } reason)
        {
            var rejected = new AppendResult.Rejected(reason);
            instruments.OnAppended(rejected);
            return rejected;
        }

        return await writer.WriteAsync(new SqliteAppend(AppendPlan.Of(append), instruments), cancellationToken).ConfigureAwait(false);
    }

    public Task<StoredConversation?> ReadConversationAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadConversation(session, tenant, conversation), cancellationToken);

    public Task<ImmutableArray<StoredCommand>> FindCommandsAsync(
        TenantId tenant, ConversationId conversation, IReadOnlyCollection<CommandId> commands, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteRows.FindCommands(session, tenant, conversation, commands), cancellationToken);

    public Task<MessagesRead?> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long fromSeq, long toSeq, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadMessages(session, tenant, conversation, viewer, fromSeq, toSeq), cancellationToken);

    public Task<ChangesRead?> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, UserId? viewer, long sinceRev, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadChanges(session, tenant, conversation, viewer, sinceRev, budget: null), cancellationToken);

    public Task<ImmutableArray<ChangesRead?>> ReadChangesOfManyAsync(
        TenantId tenant, UserId viewer, IReadOnlyCollection<SyncPoint> points, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadChangesOfMany(session, tenant, viewer, points), cancellationToken);

    public Task<ImmutableArray<RecentChange>> ReadRecentAsync(
        IReadOnlyCollection<TenantId> tenants, TimeSpan window, CancellationToken cancellationToken)
    {
        var since = StoredTime.ToMicroseconds(clock.GetUtcNow() - window);
        var wanted = tenants.Select(tenant => tenant.Value).ToHashSet(StringComparer.Ordinal);
        return readers.ReadAsync(session => ReadRecent(session, wanted, since), cancellationToken);
    }

    private static StoredConversation? ReadConversation(SqliteSession session, TenantId tenant, ConversationId conversation)
    {
        using var reader = session.Query(ReadHead, tenant.Value, conversation.Value);
        if (!reader.Read())
        {
            return null;
        }

        var members = ImmutableArray.CreateBuilder<UserId>();
        using var memberReader = session.Query(ReadMembers, tenant.Value, conversation.Value);
        while (memberReader.Read())
        {
            members.Add(memberReader.User(0));
        }

        return new StoredConversation
        {
            Head = ReadHeadColumns(reader),
            MembersRev = reader.GetInt64(2),
            Kind = (ConversationKind)reader.GetInt32(3),
            Title = reader.OptionalText(4),
            Members = members.DrainToImmutable(),
        };
    }

    private static MessagesRead? ReadMessages(
        SqliteSession session, TenantId tenant, ConversationId conversation, UserId viewer, long fromSeq, long toSeq)
    {
        using var head = session.Query(ReadMembership, tenant.Value, conversation.Value, viewer.Value);
        if (!head.Read())
        {
            return null;
        }

        var messages = ImmutableArray.CreateBuilder<Message>();
        using var reader = session.Query(ReadPage, tenant.Value, conversation.Value, fromSeq, toSeq, (long)IMessageLog.PageRowsMax);
        while (reader.Read())
        {
            messages.Add(reader.Message(0));
        }

        return new MessagesRead { Head = ReadHeadColumns(head), ReadSeq = head.GetInt64(2), Messages = messages.DrainToImmutable() };
    }

    private static ImmutableArray<ChangesRead?> ReadChangesOfMany(
        SqliteSession session, TenantId tenant, UserId viewer, IReadOnlyCollection<SyncPoint> points)
    {
        var budget = new ChangesBudget();
        return [.. points.Select(point => ReadChanges(session, tenant, point.ConversationId, viewer, point.Rev, budget))];
    }

    private static ChangesRead? ReadChanges(
        SqliteSession session, TenantId tenant, ConversationId conversation, UserId? viewer, long sinceRev, ChangesBudget? budget)
    {
        using var reader = viewer is { } member
            ? session.Query(ReadMembership, tenant.Value, conversation.Value, member.Value)
            : session.Query(ReadExistence, tenant.Value, conversation.Value);
        if (!reader.Read())
        {
            return null;
        }

        var head = ReadHeadColumns(reader);
        var window = ChangesWindow.Of(head, sinceRev);
        if (budget is not null && !window.IsEmpty
            && !(budget.TakeRows(head.Rev - window.AboveRev) && budget.TakeBytes(SizeOf(session, tenant, conversation, window))))
        {
            window = ChangesWindow.BeyondBudget;
        }

        return new ChangesRead
        {
            Head = head,
            MembersRev = reader.GetInt64(3),
            Reset = window.Reset,
            Changes = window.IsEmpty ? [] : ReadLog(session, tenant, conversation, window),
        };
    }

    private static long SizeOf(SqliteSession session, TenantId tenant, ConversationId conversation, ChangesWindow window) =>
        session.Number(SizeOfPosted, tenant.Value, conversation.Value, window.AboveSeq, window.AboveRev)!.Value;

    private static ImmutableArray<ConversationChange> ReadLog(
        SqliteSession session, TenantId tenant, ConversationId conversation, ChangesWindow window)
    {
        var changes = new List<ConversationChange>();
        using (var posted = session.Query(ReadPosted, tenant.Value, conversation.Value, window.AboveSeq, window.AboveRev))
        {
            while (posted.Read())
            {
                var message = posted.Message(0);
                changes.Add(new ConversationChange { Rev = message.Rev, Posted = message });
            }
        }

        using var changed = session.Query(ReadChanged, tenant.Value, conversation.Value, window.AboveRev);
        while (changed.Read())
        {
            changes.Add(new ConversationChange { Rev = changed.GetInt64(0) });
        }

        return [.. changes.OrderBy(change => change.Rev)];
    }

    private static ImmutableArray<RecentChange> ReadRecent(SqliteSession session, HashSet<string> tenants, long since)
    {
        var recent = new Dictionary<(string Tenant, string Conversation), (long From, long To)>();
        foreach (var sql in (ReadOnlySpan<string>)[RecentMessages, RecentChanges])
        {
            using var reader = session.Query(sql);
            while (reader.Read() && reader.GetInt64(0) > since)
            {
                var key = (reader.GetString(1), reader.GetString(2));
                var rev = reader.GetInt64(3);
                if (tenants.Contains(key.Item1))
                {
                    var (from, to) = recent.GetValueOrDefault(key, (rev, rev));
                    recent[key] = (Math.Min(from, rev), Math.Max(to, rev));
                }
            }
        }

        return
        [
            .. recent.Select(entry => new RecentChange
            {
                TenantId = new TenantId { Value = entry.Key.Tenant },
                ConversationId = new ConversationId { Value = entry.Key.Conversation },
                FromRev = entry.Value.From,
                ToRev = entry.Value.To,
            }),
        ];
    }

    private static Head ReadHeadColumns(SqliteDataReader reader) => new() { Rev = reader.GetInt64(0), Seq = reader.GetInt64(1) };
}
