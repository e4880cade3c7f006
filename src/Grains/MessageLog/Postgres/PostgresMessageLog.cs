using System.Collections.Immutable;
using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>The log of conversations in a PostgreSQL database.</summary>
internal sealed class PostgresMessageLog(PostgresAppendWriter writer, PostgresReaders readers, MessageLogInstruments instruments) : IMessageLog
{
    private const string ReadHeadAndMembers =
        """
        select c.rev, c.seq, c.members_rev, c.kind, c.title, c.created_at, c.last_message_seq, c.last_activity_at,
            array(select p.user_id from participants p
                where p.tenant_id = c.tenant_id and p.conversation_id = c.conversation_id and p.left_seq is null)
        from conversations c
        where c.tenant_id = $1 and c.conversation_id = $2
        """;

    private const string FindCommands =
        """
        select m.author_id, m.client_id, m.seq, m.rev, m.created_at, m.content_hash
        from unnest($3, $4) as wanted(author_id, client_id)
        join messages m on m.tenant_id = $1 and m.conversation_id = $2
            and m.author_id = wanted.author_id and m.client_id = wanted.client_id
        union all
        select g.author_id, g.client_id, coalesce(g.message_seq, g.seq), g.rev, g.at, g.content_hash
        from unnest($3, $4) as wanted(author_id, client_id)
        join changes g on g.tenant_id = $1 and g.conversation_id = $2
            and g.author_id = wanted.author_id and g.client_id = wanted.client_id
        """;

    private const string ReadPage =
        "select c.rev, c.seq, p.read_seq, " + MessageSql.Columns +
        """

        from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        left join lateral (
            select * from messages
            where tenant_id = $1 and conversation_id = $2 and seq between $4 and $5
            order by seq
            limit $6) m on true
        """ + MessageSql.Joins +
        """

        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        order by m.seq
        """;

    private const string ReadOne =
        "select " + MessageSql.Columns + " from messages m " + MessageSql.Joins + " where m.tenant_id = $1 and m.conversation_id = $2 and m.seq = $4";

    private const string ReadLastCountable =
        "select " + MessageSql.PreviewColumns + " from messages m " + MessageSql.Joins +
        """

        where m.tenant_id = $1 and m.conversation_id = $2 and m.seq < $3 and m.kind = 1 and m.deleted_at is null
        order by m.seq desc
        limit 1
        """;

    private const string ReadReactions =
        """
        select count(distinct r.emoji), count(*) filter (where r.emoji = $4),
            coalesce((array_agg(r.user_id order by r.rev) filter (where r.emoji = $4))[1:$6], array[]::text[]),
            coalesce(bool_or(r.emoji = $4 and r.user_id = $5), false)
        from reactions r
        where r.tenant_id = $1 and r.conversation_id = $2 and r.seq = $3
        """;

    private const string ReadVersions =
        """
        select v.version, v.text, v.written_at
        from participants p
        join messages m on m.tenant_id = $1 and m.conversation_id = $2 and m.seq = $4 and m.kind = 1
        left join lateral (
            select o.version, o.text, o.written_at from message_versions o
            where o.tenant_id = $1 and o.conversation_id = $2 and o.seq = $4 and m.deleted_at is null
            union all
            select m.version, m.text, coalesce(m.edited_at, m.created_at) where m.deleted_at is null) v on true
        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        order by v.version
        """;

    private const string ReadMembers =
        """
        select (select count(*) from participants a where a.tenant_id = $1 and a.conversation_id = $2 and a.left_seq is null),
            o.user_id, o.name, o.role, o.active
        from participants p
        left join lateral (
            select u.user_id, u.name, u.role, u.active
            from participants o
            join users u on u.tenant_id = $1 and u.user_id = o.user_id
            where o.tenant_id = $1 and o.conversation_id = $2 and o.left_seq is null and o.user_id > $4
            order by o.user_id
            limit $5) o on true
        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        order by o.user_id
        """;

    /// <summary>What the log's rows have in common: a message that was posted, or a change and the message that it is about.</summary>
    private const string LogColumns =
        "l.log_rev, l.change_kind, l.payload, " + MessageSql.PostedColumns + ", t.seq, t.author_id, t.version, t.text, t.created_at, t.edited_at, t.deleted_at";

    private const string LogJoins =
        """

        left join lateral (
            select * from messages n where n.tenant_id = $1 and n.conversation_id = l.conversation_id and n.seq = l.posted_seq limit 1) m on true
        left join lateral (
            select * from messages n where n.tenant_id = $1 and n.conversation_id = l.conversation_id and n.seq = l.message_seq limit 1) t on true
        """ + MessageSql.Joins;

    /// <summary>Columns of <see cref="LogColumns"/>.</summary>
    private const int LogColumnCount = 3 + MessageColumnCount + 7;

    private const int MessageColumnCount = 19;

    // ChangesWindow in SQL: the two must agree on what a reset is and on the seq that bounds the scan.
    private const string ReadLog =
        """
        with head as materialized (
            select c.rev, c.seq, c.members_rev from conversations c
            where c.tenant_id = $1 and c.conversation_id = $2
                and ($3::text is null or exists (
                    select 1 from participants p
                    where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null))
        )
        select h.rev, h.seq, h.members_rev, 
        """ + LogColumns +
        """

        from head h
        left join lateral (
            select m.rev as log_rev, $2 as conversation_id, m.seq as posted_seq, null::text as change_kind, null::jsonb as payload, null::bigint as message_seq
            from messages m
            where m.tenant_id = $1 and m.conversation_id = $2 and m.rev > $4
                and m.seq > h.seq - (h.rev - $4) and h.rev - $4 between 1 and $5
            union all
            select g.rev, $2, null, g.kind, g.payload, g.message_seq
            from changes g
            where g.tenant_id = $1 and g.conversation_id = $2 and g.rev > $4 and h.rev - $4 between 1 and $5) l on true
        """ + LogJoins +
        """

        order by l.log_rev
        """;

    // ChangesWindow and ChangesBudget in SQL. A conversation beyond the budget has its head's row and none of the log.
    private const string ReadLogOfMany =
        """
        with heads as materialized (
            select q.place, q.conversation_id, c.rev, c.seq, c.members_rev, q.since, c.rev - q.since as behind
            from unnest($3::text[], $4::bigint[]) with ordinality as q(conversation_id, since, place)
            join participants p on p.tenant_id = $1 and p.conversation_id = q.conversation_id and p.user_id = $2 and p.left_seq is null
            join conversations c on c.tenant_id = $1 and c.conversation_id = q.conversation_id
        ),
        counted as (
            select *, sum(case when behind between 1 and $5 then behind else 0 end) over (order by place) as rows_so_far from heads
        ),
        log as materialized (
            select h.place, l.*
            from counted h
            cross join lateral (
                select * from (
                    select m.rev as log_rev, h.conversation_id, m.seq as posted_seq, null::text as change_kind, null::jsonb as payload,
                        null::bigint as message_seq, octet_length(m.text) + coalesce(octet_length(m.fact::text), 0) as bytes
                    from messages m
                    where m.tenant_id = $1 and m.conversation_id = h.conversation_id and m.rev > h.since and m.seq > h.seq - h.behind
                    union all
                    select g.rev, h.conversation_id, null, g.kind, g.payload, g.message_seq,
                        octet_length(g.payload::text) + coalesce((
                            select octet_length(o.text) from messages o
                            where g.kind = 'edited' and o.tenant_id = $1 and o.conversation_id = h.conversation_id and o.seq = g.message_seq), 0)
                    from changes g
                    where g.tenant_id = $1 and g.conversation_id = h.conversation_id and g.rev > h.since) one
                limit $5) l
            where h.behind between 1 and $5 and h.rows_so_far <= $6
        ),
        sizes as (
            select place, coalesce(sum(bytes), 0) as bytes from log group by place
        ),
        fitting as (
            select place from (select place, sum(bytes) over (order by place) as bytes_so_far from sizes where bytes <= $7) s
            where bytes_so_far <= $7
        )
        select h.rev, h.seq, h.members_rev, 
        """ + LogColumns +
        """
        , h.place
        from heads h
        left join log l on l.place = h.place and l.place in (select place from fitting)
        """ + LogJoins +
        """

        order by h.place, l.log_rev
        """;

    private const string ReadRecent =
        """
        select tenant_id, conversation_id, min(rev), max(rev)
        from conversation_changes
        where stored_at > now() - $2 and tenant_id = any($1)
        group by tenant_id, conversation_id
        """;

    public async Task<AppendResult> AppendAsync(ConversationAppend append, CancellationToken cancellationToken)
    {
        if (AppendValidator.Refuse(append) is { } reason)
        {
            var rejected = new AppendResult.Rejected(reason);
            instruments.OnAppended(rejected);
            return rejected;
        }

        var key = new ConversationKey(append.TenantId, append.ConversationId);
        return await writer.WriteAsync(key, new PostgresAppend(AppendPlan.Of(append)), cancellationToken).ConfigureAwait(false);
    }

    public Task<StoredConversation?> ReadConversationAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(ReadHeadAndMembers, ReadConversationAsync, cancellationToken, Text(tenant.Value), Text(conversation.Value));

    public async Task<ImmutableArray<StoredCommand>> FindCommandsAsync(
        TenantId tenant, ConversationId conversation, IReadOnlyCollection<CommandId> commands, CancellationToken cancellationToken) =>
        commands.Count == 0 ? [] : await readers.ReadAsync(
            FindCommands,
            ReadCommandsAsync,
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            new NpgsqlParameter<string[]> { TypedValue = [.. commands.Select(command => command.AuthorId.Value)] },
            new NpgsqlParameter<Guid[]> { TypedValue = [.. commands.Select(command => command.ClientId)] }).ConfigureAwait(false);

    public Task<MessagesRead?> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long fromSeq, long toSeq, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadPage,
            ReadMessagesAsync,
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Text(viewer.Value),
            Number(fromSeq),
            Number(toSeq),
            Number(IMessageLog.PageRowsMax));

    public Task<Message?> ReadMessageAsync(TenantId tenant, ConversationId conversation, long seq, CancellationToken cancellationToken) =>
        readers.ReadAsync(ReadOne, ReadMessageAsync, cancellationToken, Text(tenant.Value), Text(conversation.Value), Text(null), Number(seq));

    public Task<Message?> ReadLastCountableAsync(
        TenantId tenant, ConversationId conversation, long belowSeq, CancellationToken cancellationToken) =>
        readers.ReadAsync(ReadLastCountable, ReadMessageAsync, cancellationToken, Text(tenant.Value), Text(conversation.Value), Number(belowSeq));

    public Task<ReactionsRead> ReadReactionsAsync(
        TenantId tenant, ConversationId conversation, long seq, string emoji, UserId user, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadReactions,
            ReadReactionsAsync,
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Number(seq),
            Text(emoji),
            Text(user.Value),
            new NpgsqlParameter<int> { TypedValue = Reaction.UsersMax + 1 });

    public Task<ImmutableArray<MessageVersion>?> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long seq, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadVersions, ReadVersionsAsync, cancellationToken, Text(tenant.Value), Text(conversation.Value), Text(viewer.Value), Number(seq));

    public Task<MembersRead?> ReadMembersAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, UserId? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadMembers,
            ReadMembersAsync,
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Text(viewer.Value),
            Text(after?.Value ?? string.Empty),
            Number(limit));

    public Task<ChangesRead?> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, UserId? viewer, long sinceRev, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadLog,
            (reader, token) => ReadChangesAsync(reader, sinceRev, token),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Text(viewer?.Value),
            Number(Math.Max(sinceRev, 0)),
            Number(IMessageLog.PageRowsMax));

    public async Task<ImmutableArray<ChangesRead?>> ReadChangesOfManyAsync(
        TenantId tenant, UserId viewer, IReadOnlyCollection<SyncPoint> points, CancellationToken cancellationToken) =>
        points.Count == 0 ? [] : await readers.ReadAsync(
            ReadLogOfMany,
            (reader, token) => ReadChangesOfManyAsync(reader, [.. points], token),
            cancellationToken,
            Text(tenant.Value),
            Text(viewer.Value),
            new NpgsqlParameter<string[]> { TypedValue = [.. points.Select(point => point.ConversationId.Value)] },
            new NpgsqlParameter<long[]> { TypedValue = [.. points.Select(point => Math.Max(point.Rev, 0))] },
            Number(IMessageLog.PageRowsMax),
            Number(IMessageLog.ManyRowsMax),
            Number(IMessageLog.ManyBytesMax)).ConfigureAwait(false);

    public async Task<ImmutableArray<RecentChange>> ReadRecentAsync(
        IReadOnlyCollection<TenantId> tenants, TimeSpan window, CancellationToken cancellationToken) =>
        await readers.ReadAsync( // Of no tenant too: whether the store answers is what a readiness check asks.
            ReadRecent,
            ReadRecentAsync,
            cancellationToken,
            new NpgsqlParameter<string[]> { TypedValue = [.. tenants.Select(tenant => tenant.Value)] },
            new NpgsqlParameter<TimeSpan> { TypedValue = window }).ConfigureAwait(false);

    private static async Task<StoredConversation?> ReadConversationAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return new StoredConversation
        {
            Head = ReadHead(reader),
            MembersRev = reader.GetInt64(2),
            Kind = (ConversationKind)reader.GetInt16(3),
            Title = reader.OptionalText(4),
            CreatedAt = reader.Time(5),
            LastMessageSeq = reader.GetInt64(6),
            LastActivity = reader.Time(7),
            Members = [.. reader.GetFieldValue<string[]>(8).Select(user => new UserId { Value = user })],
        };
    }

    private static async Task<ImmutableArray<StoredCommand>> ReadCommandsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var commands = ImmutableArray.CreateBuilder<StoredCommand>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            commands.Add(PostgresRows.Command(reader, 0));
        }

        return commands.DrainToImmutable();
    }

    private static async Task<MessagesRead?> ReadMessagesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        MessagesRead? read = null;
        var messages = ImmutableArray.CreateBuilder<Message>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            read ??= new MessagesRead { Head = ReadHead(reader), ReadSeq = reader.GetInt64(2), Messages = [] };
            if (!reader.IsDBNull(3))
            {
                messages.Add(reader.Message(3));
            }
        }

        return read is null ? null : read with { Messages = messages.DrainToImmutable() };
    }

    private static async Task<Message?> ReadMessageAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.Message(0) : null;

    private static async Task<ReactionsRead> ReadReactionsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new ReactionsRead
        {
            Emojis = (int)reader.GetInt64(0),
            Count = (int)reader.GetInt64(1),
            Users = [.. reader.GetFieldValue<string[]>(2).Select(user => new UserId { Value = user })],
            Mine = reader.GetBoolean(3),
        };
    }

    private static async Task<ImmutableArray<MessageVersion>?> ReadVersionsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        ImmutableArray<MessageVersion>.Builder? versions = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            versions ??= ImmutableArray.CreateBuilder<MessageVersion>();
            if (!reader.IsDBNull(0))
            {
                versions.Add(new MessageVersion { Version = reader.GetInt32(0), Text = reader.GetString(1), Time = reader.Time(2) });
            }
        }

        return versions?.DrainToImmutable();
    }

    private static async Task<MembersRead?> ReadMembersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var (count, members) = (-1, ImmutableArray.CreateBuilder<Person>());
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            count = (int)reader.GetInt64(0);
            if (!reader.IsDBNull(1))
            {
                members.Add(new Person { UserId = reader.User(1), Name = reader.GetString(2), Role = (Role)reader.GetInt16(3), Active = reader.GetBoolean(4) });
            }
        }

        return count < 0 ? null : new MembersRead { Count = count, Members = members.DrainToImmutable() };
    }

    /// <summary>One row of the log, from the columns of <see cref="LogColumns"/> behind the head's three.</summary>
    private static ConversationChange ReadChange(NpgsqlDataReader reader)
    {
        const int message = 6;
        var rev = reader.GetInt64(3);
        return reader.OptionalText(4) is { } kind
            ? StoredChange.Read(rev, kind, reader.GetString(5), reader.ChangedMessage(message + MessageColumnCount))
            : new ConversationChange { Rev = rev, Posted = reader.Message(message) };
    }

    private static async Task<ChangesRead?> ReadChangesAsync(NpgsqlDataReader reader, long sinceRev, CancellationToken cancellationToken)
    {
        ChangesRead? read = null;
        var changes = ImmutableArray.CreateBuilder<ConversationChange>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var head = ReadHead(reader);
            read ??= new ChangesRead { Head = head, MembersRev = reader.GetInt64(2), Reset = ChangesWindow.Of(head, sinceRev).Reset, Changes = [] };
            if (!reader.IsDBNull(3))
            {
                changes.Add(ReadChange(reader));
            }
        }

        return read is null ? null : read with { Changes = changes.DrainToImmutable() };
    }

    private static async Task<ImmutableArray<ChangesRead?>> ReadChangesOfManyAsync(
        NpgsqlDataReader reader, SyncPoint[] points, CancellationToken cancellationToken)
    {
        var reads = new ChangesRead?[points.Length];
        var changes = new List<ConversationChange>[points.Length];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var place = (int)reader.GetInt64(3 + LogColumnCount) - 1;
            if (reads[place] is null)
            {
                var head = ReadHead(reader);
                var window = ChangesWindow.Of(head, points[place].Rev);
                var beyondBudget = !window.IsEmpty && reader.IsDBNull(3);
                reads[place] = new ChangesRead { Head = head, MembersRev = reader.GetInt64(2), Reset = window.Reset || beyondBudget, Changes = [] };
                changes[place] = [];
            }

            if (!reader.IsDBNull(3))
            {
                changes[place].Add(ReadChange(reader));
            }
        }

        return [.. reads.Select((read, place) => read is null ? null : read with { Changes = [.. changes[place]] })];
    }

    private static async Task<ImmutableArray<RecentChange>> ReadRecentAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var recent = ImmutableArray.CreateBuilder<RecentChange>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            recent.Add(new RecentChange
            {
                TenantId = new TenantId { Value = reader.GetString(0) },
                ConversationId = new ConversationId { Value = reader.GetString(1) },
                FromRev = reader.GetInt64(2),
                ToRev = reader.GetInt64(3),
            });
        }

        return recent.DrainToImmutable();
    }

    private static Head ReadHead(NpgsqlDataReader reader) => new() { Rev = reader.GetInt64(0), Seq = reader.GetInt64(1) };

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
