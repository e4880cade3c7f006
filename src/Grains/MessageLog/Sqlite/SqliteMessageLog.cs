using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>The log of conversations in a SQLite file.</summary>
internal sealed class SqliteMessageLog(SqliteWriter writer, SqliteReaders readers, TimeProvider clock, MessageLogInstruments instruments)
    : IMessageLog
{
    private const string ReadHead =
        "select rev, seq, members_rev, kind, title, created_at, last_message_seq, last_activity_at from conversations where tenant_id = $1 and conversation_id = $2";

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

    private const string ReadPage =
        "select " + MessageSql.Columns + " from messages m " + MessageSql.Joins +
        """

        where m.tenant_id = $1 and m.conversation_id = $2 and m.seq between $4 and $5
        order by m.seq
        limit $6
        """;

    private const string ReadLastCountable =
        "select " + MessageSql.PreviewColumns + " from messages m " + MessageSql.Joins +
        """

        where m.tenant_id = $1 and m.conversation_id = $2 and m.seq < $3 and m.kind = 1 and m.deleted_at is null
        order by m.seq desc
        limit 1
        """;

    private const string CountReactions =
        """
        select count(distinct emoji), count(*) filter (where emoji = $4), coalesce(max(emoji = $4 and user_id = $5), 0)
        from reactions
        where tenant_id = $1 and conversation_id = $2 and seq = $3
        """;

    private const string ReadReactors =
        "select user_id from reactions where tenant_id = $1 and conversation_id = $2 and seq = $3 and emoji = $4 order by rev limit $5";

    private const string ReadVersionable =
        """
        select m.version, m.text, coalesce(m.edited_at, m.created_at), m.deleted_at is not null
        from participants p
        join messages m on m.tenant_id = $1 and m.conversation_id = $2 and m.seq = $4 and m.kind = 1
        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        """;

    private const string ReadFormerVersions =
        "select version, text, written_at from message_versions where tenant_id = $1 and conversation_id = $2 and seq = $3 order by version";

    private const string CountMembers =
        "select count(*) from participants where tenant_id = $1 and conversation_id = $2 and left_seq is null";

    private const string ReadMemberPage =
        """
        select u.user_id, u.name, u.role, u.active
        from participants o
        join users u on u.tenant_id = $1 and u.user_id = o.user_id
        where o.tenant_id = $1 and o.conversation_id = $2 and o.left_seq is null and o.user_id > $3
        order by o.user_id
        limit $4
        """;

    private const string ReadPosted =
        "select " + MessageSql.PostedColumns + " from messages m " + MessageSql.Joins +
        " where m.tenant_id = $1 and m.conversation_id = $2 and m.seq > $3 and m.rev > $4";

    private const string SizeOfLog =
        """
        select coalesce((
            select sum(octet_length(text) + coalesce(octet_length(fact), 0)) from messages
            where tenant_id = $1 and conversation_id = $2 and seq > $3 and rev > $4), 0)
        + coalesce((
            select sum(octet_length(g.payload) + case when g.kind = 'edited' then coalesce(octet_length(t.text), 0) else 0 end)
            from changes g
            left join messages t on t.tenant_id = $1 and t.conversation_id = $2 and t.seq = g.message_seq
            where g.tenant_id = $1 and g.conversation_id = $2 and g.rev > $4), 0)
        """;

    private const string ReadChanged =
        """
        select g.rev, g.kind, g.payload, t.seq, t.author_id, t.version, t.text, t.created_at, t.edited_at, t.deleted_at
        from changes g
        left join messages t on t.tenant_id = $1 and t.conversation_id = $2 and t.seq = g.message_seq
        where g.tenant_id = $1 and g.conversation_id = $2 and g.rev > $3
        """;

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

    public Task<Message?> ReadMessageAsync(TenantId tenant, ConversationId conversation, long seq, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => ReadMessage(session.Query(ReadPage, tenant.Value, conversation.Value, null, seq, seq, 1L)), cancellationToken);

    public Task<Message?> ReadLastCountableAsync(
        TenantId tenant, ConversationId conversation, long belowSeq, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadMessage(session.Query(ReadLastCountable, tenant.Value, conversation.Value, belowSeq)), cancellationToken);

    public Task<ReactionsRead> ReadReactionsAsync(
        TenantId tenant, ConversationId conversation, long seq, string emoji, UserId user, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadReactions(session, tenant, conversation, seq, emoji, user), cancellationToken);

    public Task<ImmutableArray<MessageVersion>?> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long seq, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadVersions(session, tenant, conversation, viewer, seq), cancellationToken);

    public Task<MembersRead?> ReadMembersAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, UserId? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadMembersOf(session, tenant, conversation, viewer, after, limit), cancellationToken);

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
            CreatedAt = reader.Time(5),
            LastMessageSeq = reader.GetInt64(6),
            LastActivity = reader.Time(7),
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
        using var reader = session.Query(
            ReadPage, tenant.Value, conversation.Value, viewer.Value, fromSeq, toSeq, (long)IMessageLog.PageRowsMax);
        while (reader.Read())
        {
            messages.Add(reader.Message(0));
        }

        return new MessagesRead { Head = ReadHeadColumns(head), ReadSeq = head.GetInt64(2), Messages = messages.DrainToImmutable() };
    }

    private static Message? ReadMessage(SqliteDataReader reader)
    {
        using var _ = reader;
        return reader.Read() ? reader.Message(0) : null;
    }

    private static ReactionsRead ReadReactions(
        SqliteSession session, TenantId tenant, ConversationId conversation, long seq, string emoji, UserId user)
    {
        var users = ImmutableArray.CreateBuilder<UserId>();
        using var reactors = session.Query(ReadReactors, tenant.Value, conversation.Value, seq, emoji, Reaction.UsersMax + 1L);
        while (reactors.Read())
        {
            users.Add(reactors.User(0));
        }

        using var counts = session.Query(CountReactions, tenant.Value, conversation.Value, seq, emoji, user.Value);
        counts.Read();
        return new ReactionsRead { Emojis = counts.GetInt32(0), Count = counts.GetInt32(1), Mine = counts.GetInt64(2) != 0, Users = users.DrainToImmutable() };
    }

    private static ImmutableArray<MessageVersion>? ReadVersions(
        SqliteSession session, TenantId tenant, ConversationId conversation, UserId viewer, long seq)
    {
        using var now = session.Query(ReadVersionable, tenant.Value, conversation.Value, viewer.Value, seq);
        if (!now.Read())
        {
            return null;
        }

        if (now.GetInt64(3) != 0)
        {
            return [];
        }

        var versions = ImmutableArray.CreateBuilder<MessageVersion>();
        using var former = session.Query(ReadFormerVersions, tenant.Value, conversation.Value, seq);
        while (former.Read())
        {
            versions.Add(Version(former));
        }

        versions.Add(Version(now));
        return versions.DrainToImmutable();

        static MessageVersion Version(SqliteDataReader reader) =>
            new() { Version = reader.GetInt32(0), Text = reader.GetString(1), Time = reader.Time(2) };
    }

    private static MembersRead? ReadMembersOf(
        SqliteSession session, TenantId tenant, ConversationId conversation, UserId viewer, UserId? after, int limit)
    {
        using var membership = session.Query(ReadMembership, tenant.Value, conversation.Value, viewer.Value);
        if (!membership.Read())
        {
            return null;
        }

        var members = ImmutableArray.CreateBuilder<Person>();
        using var reader = session.Query(ReadMemberPage, tenant.Value, conversation.Value, after?.Value ?? string.Empty, (long)limit);
        while (reader.Read())
        {
            members.Add(new Person { UserId = reader.User(0), Name = reader.GetString(1), Role = (Role)reader.GetInt32(2), Active = reader.GetInt64(3) != 0 });
        }

        var count = session.Number(CountMembers, tenant.Value, conversation.Value)!.Value;
        return new MembersRead { Count = (int)count, Members = members.DrainToImmutable() };
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
        session.Number(SizeOfLog, tenant.Value, conversation.Value, window.AboveSeq, window.AboveRev)!.Value;

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
            changes.Add(StoredChange.Read(changed.GetInt64(0), changed.GetString(1), changed.GetString(2), changed.ChangedMessage(3)));
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
