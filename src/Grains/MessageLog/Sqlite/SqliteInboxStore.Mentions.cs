using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Mentions, and who and what can be found by name.</summary>
internal sealed partial class SqliteInboxStore
{
    private const string ListMentions =
        """
        select m.conversation_id, c.kind, c.title, m.seq > p.read_seq, x.done_at is not null, 
        """ + MessageSql.PreviewColumns +
        """

        from mentions x
        cross join participants p indexed by participants_current
            on p.tenant_id = $1 and p.conversation_id = x.conversation_id and p.user_id = $2 and p.left_seq is null
        cross join conversations c on c.tenant_id = $1 and c.conversation_id = x.conversation_id
        cross join messages m on m.tenant_id = $1 and m.conversation_id = x.conversation_id and m.seq = x.seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        where x.tenant_id = $1 and x.user_id = $2
            and (not $3 or m.seq > p.read_seq and x.done_at is null)
            and ($4 is null or (m.created_at, m.conversation_id, m.seq) < ($4, $5, $6))
        order by m.created_at desc, m.conversation_id desc, m.seq desc
        limit $7
        """;

    private const string MarkDone =
        """
        update mentions set done_at = $5
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and seq = $4 and exists (
            select 1 from participants p
            where p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null)
        """;

    private const string ReadNames =
        """
        with shared as materialized (
            select distinct o.conversation_id
            from json_each($3) person
            cross join participants o indexed by participants_of_user on o.tenant_id = $1 and o.user_id = person.value and o.left_seq is null
        )
        select p.conversation_id, c.title, c.seq > p.read_seq, s.conversation_id is not null,
            case when exists (select 1 from former_titles where tenant_id = $1 and conversation_id = p.conversation_id) then (
                select json_group_array(f.title) from (
                    select title from former_titles
                    where tenant_id = $1 and conversation_id = p.conversation_id
                    order by rev desc) f) end,
            
        """ + PeerName +
        """

        from participants p indexed by participants_of_user
        cross join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        left join shared s on s.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        order by c.last_activity_at desc, p.conversation_id
        limit $4
        """;

    private const string ReadMembers =
        """
        with recent as materialized (
            select m.author_id, max(m.seq) as seq
            from conversations c
            cross join messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.conversation_id and m.seq > c.seq - $4 and m.kind = 1
            where c.tenant_id = $1 and c.conversation_id = $3
            group by m.author_id
        )
        select u.user_id, u.name, u.role, r.seq
        from participants p
        cross join users u on u.tenant_id = p.tenant_id and u.user_id = p.user_id and u.active
        left join recent r on r.author_id = p.user_id
        where p.tenant_id = $1 and p.conversation_id = $3 and p.left_seq is null and exists (
            select 1 from participants me
            where me.tenant_id = $1 and me.conversation_id = $3 and me.user_id = $2 and me.left_seq is null)
        """;

    private const string ReadDirect =
        """
        select p.conversation_id
        from participants p indexed by participants_of_user
        cross join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null and c.kind = 1
        order by c.last_activity_at desc, p.conversation_id
        limit $3
        """;

    public async Task<MentionsPage> ListMentionsAsync(
        TenantId tenant, UserId user, MentionPosition? after, int limit, bool unreadOnly, CancellationToken cancellationToken)
    {
        object?[] values =
        [
            tenant.Value, user.Value, unreadOnly ? 1L : 0L, Time(after?.Time), after?.ConversationId.Value, after?.Seq, limit + 1L,
        ];
        var rows = await readers.ReadAsync(session => ReadMentions(session, values), cancellationToken).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public Task<bool> MarkMentionDoneAsync(
        TenantId tenant, UserId user, ConversationId conversation, long seq, DateTimeOffset? doneAt, CancellationToken cancellationToken) => WriteAsync(
            session =>
            {
                var marked = session.Execute(MarkDone, tenant.Value, user.Value, conversation.Value, seq, Time(doneAt)) == 1;
                return (marked, marked);
            },
            cancellationToken);

    public Task<ImmutableArray<NamedConversation>> ReadNamesAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<UserId> people, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadNamed(session, tenant, user, people, limit), cancellationToken);

    public Task<MentionablesRead?> ReadMentionablesAsync(
        TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken) => readers.ReadAsync(
            session =>
            {
                var members = ReadMentionableMembers(session, tenant, user, conversation);
                return members.IsEmpty
                    ? null
                    : new MentionablesRead(
                        members,
                        InboxPaging.Peers(ReadConversations(session, ReadDirect, tenant.Value, user.Value, (long)MentionablesRead.DirectPeersMax), user));
            },
            cancellationToken);

    private static long? Time(DateTimeOffset? time) => time is { } at ? StoredTime.ToMicroseconds(at) : null;

    private static ImmutableArray<MentionRow> ReadMentions(SqliteSession session, object?[] values)
    {
        var rows = ImmutableArray.CreateBuilder<MentionRow>();
        using var reader = session.Query(ListMentions, values);
        while (reader.Read())
        {
            rows.Add(new MentionRow
            {
                ConversationId = reader.Conversation(0),
                Kind = (ConversationKind)reader.GetInt32(1),
                Title = reader.OptionalText(2),
                Unread = reader.GetBoolean(3),
                Done = reader.GetBoolean(4),
                Message = reader.Message(5),
            });
        }

        return rows.DrainToImmutable();
    }

    private static ImmutableArray<NamedConversation> ReadNamed(
        SqliteSession session, TenantId tenant, UserId user, IReadOnlyCollection<UserId> people, int limit)
    {
        var names = ImmutableArray.CreateBuilder<NamedConversation>();
        using var reader = session.Query(ReadNames, tenant.Value, user.Value, Json(people.Select(person => person.Value)), (long)limit);
        while (reader.Read())
        {
            names.Add(new NamedConversation
            {
                ConversationId = reader.Conversation(0),
                Title = reader.OptionalText(1),
                AboveCursor = reader.GetBoolean(2),
                HasOneOf = reader.GetBoolean(3),
                PeerName = reader.OptionalText(5),
                FormerTitles = reader.IsDBNull(4) ? [] : [.. System.Text.Json.JsonSerializer.Deserialize<string[]>(reader.GetString(4))!],
            });
        }

        return names.DrainToImmutable();
    }

    private static ImmutableArray<MentionableMember> ReadMentionableMembers(
        SqliteSession session, TenantId tenant, UserId user, ConversationId conversation)
    {
        var members = ImmutableArray.CreateBuilder<MentionableMember>();
        using var reader = session.Query(ReadMembers, tenant.Value, user.Value, conversation.Value, (long)MentionablesRead.RecentMessages);
        while (reader.Read())
        {
            members.Add(new MentionableMember(
                reader.User(0), reader.GetString(1), (Role)reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetInt64(3)));
        }

        return members.DrainToImmutable();
    }
}
