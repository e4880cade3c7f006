using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// Writes one append each of many conversations in one statement, so in one commit: looks commands up that were stored
/// before, moves the heads that stand where their writers believe (or inserts the ones that are created), and inserts the
/// rows of those that moved. A conversation that is not moved leaves no trace; its neighbours do not notice.
/// </summary>
/// <remarks>
/// Why the look-up may precede the compare-and-swap: it reads the statement's snapshot, and a head that another writer
/// moved after the snapshot does not match any more when the update re-reads it under its lock. Subqueries in
/// <c>(… in (…)) is true</c> become hash look-ups instead of joins, which the writers' planner settings forbid.
/// </remarks>
internal sealed class AppendStatement : PostgresStatement<PostgresAppend, AppendResult>
{
    private const string Sql =
        """
        with heads as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) with ordinality as h(
                tenant_id, conversation_id, expected_rev, expected_seq, rev, seq, members_rev, title,
                last_activity_at, last_message_seq, kind, type, created_by, created_at, head)
        ),
        posts as materialized (
            select * from unnest($15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28) as m(
                head, tenant_id, conversation_id, seq, rev, kind, author_id, client_id, content_hash, text, fact, created_at, mentions, reply_to_seq)
        ),
        others as materialized (
            select * from unnest($29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) as o(
                head, tenant_id, conversation_id, rev, at, kind, seq, payload, message_seq, author_id, client_id, content_hash,
                version, text, mentions, mentioned, not_mentioned, deleted_by, purged, reaction_user, reaction, reaction_added)
        ),
        duplicates as materialized (
            select m.head, m.author_id, m.client_id, stored.*
            from (
                select head, tenant_id, conversation_id, author_id, client_id from posts
                union all
                select head, tenant_id, conversation_id, author_id, client_id from others where client_id is not null) m
            cross join lateral (
                select s.seq, s.rev, s.created_at, s.content_hash from messages s
                where s.tenant_id = m.tenant_id and s.conversation_id = m.conversation_id
                    and s.author_id = m.author_id and s.client_id = m.client_id
                union all
                select coalesce(s.message_seq, s.seq), s.rev, s.at, s.content_hash from changes s
                where s.tenant_id = m.tenant_id and s.conversation_id = m.conversation_id
                    and s.author_id = m.author_id and s.client_id = m.client_id
                limit 1) stored
        ),
        retained as materialized (
            select * from unnest($72, $73, $74) as r(head, days, hold)
        ),
        moved as (
            update conversations c set
                rev = h.rev, seq = h.seq,
                members_rev = coalesce(h.members_rev, c.members_rev),
                title = coalesce(h.title, c.title),
                last_activity_at = coalesce(h.last_activity_at, c.last_activity_at),
                last_message_seq = coalesce(h.last_message_seq, c.last_message_seq),
                retention_days = case when (h.head in (select head from retained)) is true
                    then (select r.days from retained r where r.head = h.head) else c.retention_days end,
                legal_hold = case when (h.head in (select head from retained)) is true
                    then (select r.hold from retained r where r.head = h.head) else c.legal_hold end
            from heads h
            where c.tenant_id = h.tenant_id and c.conversation_id = h.conversation_id
                and c.rev = h.expected_rev and c.seq = h.expected_seq
                and (h.head in (select head from duplicates)) is not true
            returning h.head
        ),
        created as (
            insert into conversations (tenant_id, conversation_id, kind, type, title, rev, seq, members_rev,
                created_by, created_at, last_activity_at, last_message_seq)
            select tenant_id, conversation_id, kind, type, title, rev, seq, members_rev,
                created_by, created_at, coalesce(last_activity_at, created_at), coalesce(last_message_seq, 0)
            from heads h
            where h.expected_rev is null and (h.head in (select head from duplicates)) is not true
            on conflict (tenant_id, conversation_id) do nothing
            returning tenant_id, conversation_id
        ),
        passed as materialized (
            select head from moved
            union all
            select h.head from heads h
            where h.expected_rev is null
                and ((h.tenant_id, h.conversation_id) in (select tenant_id, conversation_id from created)) is true
        ),
        inserted_messages as (
            insert into messages (tenant_id, conversation_id, seq, rev, kind, author_id, client_id, content_hash, text, fact, created_at,
                mentions, reply_to_seq)
            select tenant_id, conversation_id, seq, rev, kind, author_id, client_id, content_hash, text, fact, created_at, mentions, reply_to_seq
            from posts m
            where (m.head in (select head from passed)) is true
        ),
        inserted_changes as (
            insert into changes (tenant_id, conversation_id, rev, at, kind, seq, payload, message_seq, author_id, client_id, content_hash)
            select tenant_id, conversation_id, rev, at, kind, seq, payload, message_seq, author_id, client_id, content_hash
            from others o
            where (o.head in (select head from passed)) is true
        ),
        revisions as materialized (
            select * from others o
            where (o.version is not null or o.reaction_user is not null) and (o.head in (select head from passed)) is true
        ),
        kept_versions as (
            insert into message_versions (tenant_id, conversation_id, seq, version, text, mentions, written_at)
            select m.tenant_id, m.conversation_id, m.seq, m.version, m.text, m.mentions, coalesce(m.edited_at, m.created_at)
            from revisions o
            cross join lateral (
                select * from messages s
                where s.tenant_id = o.tenant_id and s.conversation_id = o.conversation_id and s.seq = o.message_seq) m
            where o.version is not null and not o.purged
        ),
        dropped_versions as (
            delete from message_versions v using revisions o
            where o.purged and v.tenant_id = o.tenant_id and v.conversation_id = o.conversation_id and v.seq = o.message_seq
        ),
        revised as (
            update messages m set
                version = coalesce(o.version, m.version),
                text = coalesce(o.text, m.text),
                mentions = case when o.version is null then m.mentions else o.mentions end,
                first_mentions = case when o.version is null then m.first_mentions else coalesce(m.first_mentions, m.mentions, '{}') end,
                edited_at = case when o.version is null or o.purged or o.deleted_by is not null then m.edited_at else o.at end,
                deleted_at = case when o.purged or o.deleted_by is not null then o.at else m.deleted_at end,
                deleted_by = coalesce(o.deleted_by, m.deleted_by),
                reacted = m.reacted or o.reaction_user is not null
            from revisions o
            where m.tenant_id = o.tenant_id and m.conversation_id = o.conversation_id and m.seq = o.message_seq
        ),
        no_more_mentioned as (
            delete from mentions n using revisions o, jsonb_array_elements_text(o.not_mentioned) as gone(user_id)
            where n.tenant_id = o.tenant_id and n.user_id = gone.user_id and n.conversation_id = o.conversation_id and n.seq = o.message_seq
        ),
        mentioned as (
            insert into mentions (tenant_id, user_id, conversation_id, seq)
            select m.tenant_id, named.user_id, m.conversation_id, m.seq
            from posts m
            cross join lateral jsonb_array_elements_text(m.mentions -> 'users') as named(user_id)
            where m.mentions is not null and (m.head in (select head from passed)) is true
            union all
            select o.tenant_id, named.user_id, o.conversation_id, o.message_seq
            from revisions o
            cross join lateral jsonb_array_elements_text(o.mentioned) as named(user_id)
        ),
        taken_back as (
            delete from reactions r using revisions o
            where not o.reaction_added and r.tenant_id = o.tenant_id and r.conversation_id = o.conversation_id and r.seq = o.message_seq
                and r.emoji = o.reaction and r.user_id = o.reaction_user
        ),
        reacted as (
            insert into reactions (tenant_id, conversation_id, seq, emoji, user_id, rev)
            select o.tenant_id, o.conversation_id, o.message_seq, o.reaction, o.reaction_user, o.rev from revisions o where o.reaction_added
        ),
        renamed as (
            insert into former_titles (tenant_id, conversation_id, rev, title)
            select c.tenant_id, c.conversation_id, h.rev, c.title
            from heads h
            join conversations c on c.tenant_id = h.tenant_id and c.conversation_id = h.conversation_id
            where h.expected_rev is not null and c.title <> h.title and (h.head in (select head from passed)) is true
        ),
        audited as (
            insert into audit (tenant_id, id, at, actor_id, action, conversation_id, details)
            select tenant_id, id, at, actor_id, action, conversation_id, details
            from unnest($51, $52, $53, $54, $55, $56, $57, $58) as a(head, tenant_id, conversation_id, id, at, actor_id, action, details)
            where (a.head in (select head from passed)) is true
        ),
        ended as (
            update participants p set left_seq = e.left_seq, left_rev = e.left_rev, read_version = p.read_version + 1
            from unnest($59, $60, $61, $62, $63, $64) as e(head, tenant_id, conversation_id, user_id, left_seq, left_rev)
            where p.tenant_id = e.tenant_id and p.conversation_id = e.conversation_id and p.user_id = e.user_id
                and p.left_seq is null and (e.head in (select head from passed)) is true
        ),
        begun as (
            insert into participants (tenant_id, conversation_id, user_id, joined_seq, joined_rev, read_seq, read_version)
            select b.tenant_id, b.conversation_id, b.user_id, b.joined_seq, b.joined_rev, b.read_seq,
                1 + coalesce((
                    select max(o.read_version) from participants o
                    where o.tenant_id = b.tenant_id and o.conversation_id = b.conversation_id and o.user_id = b.user_id), 0)
            from unnest($65, $66, $67, $68, $69, $70, $71) as b(head, tenant_id, conversation_id, user_id, joined_seq, joined_rev, read_seq)
            where (b.head in (select head from passed)) is true
            on conflict (tenant_id, conversation_id, user_id) where left_seq is null do nothing
        )
        select head, null::text, null::uuid, null::bigint, null::bigint, null::timestamptz, null::bytea from passed
        union all
        select head, author_id, client_id, seq, rev, created_at, content_hash from duplicates
        """;

    private readonly HeadColumns _heads;
    private readonly MessageColumns _messages;
    private readonly ChangeColumns _changes;
    private readonly AuditColumns _audits;
    private readonly EndColumns _ends;
    private readonly BeginColumns _begins;
    private readonly RetentionColumns _retentions;

    internal AppendStatement(NpgsqlConnection connection)
        : base(connection, Sql)
    {
        _heads = new HeadColumns(this);
        _messages = new MessageColumns(this);
        _changes = new ChangeColumns(this);
        _audits = new AuditColumns(this);
        _ends = new EndColumns(this);
        _begins = new BeginColumns(this);
        _retentions = new RetentionColumns(this);
    }

    private protected override void Fill(PostgresAppend work, int index)
    {
        var plan = work.Plan;
        var head = index + 1L;
        _heads.Add(plan);
        foreach (var message in plan.Messages)
        {
            _messages.Add(head, plan, message);
        }

        foreach (var change in plan.Changes)
        {
            _changes.Add(head, plan, change);
        }

        foreach (var audit in plan.Audits)
        {
            _audits.Add(head, plan, audit);
        }

        foreach (var end in plan.Ends)
        {
            _ends.Add(head, plan, end);
        }

        foreach (var begin in plan.Begins)
        {
            _begins.Add(head, plan, begin);
        }

        if (plan.Append.Retention is { } retention)
        {
            _retentions.Add(head, retention);
        }
    }

    private protected override async Task<AppendResult[]> ReadAsync(IReadOnlyList<PostgresAppend> works, NpgsqlDataReader reader)
    {
        var results = new AppendResult[works.Count];
        var duplicates = new Dictionary<int, ImmutableArray<StoredCommand>.Builder>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var index = (int)(reader.GetInt64(0) - 1);
            if (reader.IsDBNull(1))
            {
                results[index] = new AppendResult.Appended(works[index].Plan.NewHead);
                continue;
            }

            if (!duplicates.TryGetValue(index, out var stored))
            {
                duplicates.Add(index, stored = ImmutableArray.CreateBuilder<StoredCommand>());
            }

            stored.Add(PostgresRows.Command(reader, 1));
        }

        for (var i = 0; i < results.Length; i++)
        {
            results[i] ??= duplicates.TryGetValue(i, out var stored)
                ? new AppendResult.Duplicates(stored.ToImmutable())
                : new AppendResult.Fenced();
        }

        return results;
    }

    private sealed class HeadColumns(AppendStatement statement)
    {
        private readonly List<string> _tenants = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _conversations = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<long?> _expectedRevs = statement.Column<long?>(NpgsqlDbType.Bigint);
        private readonly List<long?> _expectedSeqs = statement.Column<long?>(NpgsqlDbType.Bigint);
        private readonly List<long> _revs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _seqs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long?> _membersRevs = statement.Column<long?>(NpgsqlDbType.Bigint);
        private readonly List<string?> _titles = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<DateTime?> _lastActivities = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);
        private readonly List<long?> _lastMessages = statement.Column<long?>(NpgsqlDbType.Bigint);
        private readonly List<short?> _kinds = statement.Column<short?>(NpgsqlDbType.Smallint);
        private readonly List<string?> _types = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<string?> _creators = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<DateTime?> _createdAts = statement.Column<DateTime?>(NpgsqlDbType.TimestampTz);

        internal void Add(AppendPlan plan)
        {
            var creation = plan.Append.Creation;
            _tenants.Add(plan.Append.TenantId.Value);
            _conversations.Add(plan.Append.ConversationId.Value);
            _expectedRevs.Add(plan.Append.Expected?.Rev);
            _expectedSeqs.Add(plan.Append.Expected?.Seq);
            _revs.Add(plan.NewHead.Rev);
            _seqs.Add(plan.NewHead.Seq);
            _membersRevs.Add(plan.MembersChange ? plan.MembersRev : null);
            _titles.Add(plan.Title);
            _lastActivities.Add(plan.LastCountable is { } last ? PostgresRows.Utc(last.At) : null);
            _lastMessages.Add(plan.LastCountable?.Seq);
            _kinds.Add((short?)creation?.Kind);
            _types.Add(creation is null ? null : ConversationType.Of(creation.Kind));
            _creators.Add(creation?.CreatedBy.Value);
            _createdAts.Add(creation is null ? null : PostgresRows.Utc(creation.CreatedAt));
        }
    }

    private sealed class MessageColumns(AppendStatement statement)
    {
        private readonly PlaceColumns _places = new(statement);
        private readonly List<long> _seqs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _revs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<short> _kinds = statement.Column<short>(NpgsqlDbType.Smallint);
        private readonly List<string> _authors = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<Guid> _clients = statement.Column<Guid>(NpgsqlDbType.Uuid);
        private readonly List<byte[]> _hashes = statement.Column<byte[]>(NpgsqlDbType.Bytea);
        private readonly List<string> _texts = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string?> _facts = statement.Column<string?>(NpgsqlDbType.Jsonb);
        private readonly List<DateTime> _createdAts = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
        private readonly List<string?> _mentions = statement.Column<string?>(NpgsqlDbType.Jsonb);
        private readonly List<long?> _replies = statement.Column<long?>(NpgsqlDbType.Bigint);

        internal void Add(long head, AppendPlan plan, PlannedMessage message)
        {
            _places.Add(head, plan);
            _seqs.Add(message.Seq);
            _revs.Add(message.Rev);
            _kinds.Add((short)message.Entry.Kind);
            _authors.Add(message.Entry.AuthorId.Value);
            _clients.Add(message.Entry.ClientId);
            _hashes.Add(message.Hash.ToBytes());
            _texts.Add(message.Entry.Text);
            _facts.Add(message.Fact);
            _createdAts.Add(PostgresRows.Utc(message.Entry.At));
            _mentions.Add(message.Mentions);
            _replies.Add(message.Entry.ReplyTo);
        }
    }

    private sealed class ChangeColumns(AppendStatement statement)
    {
        private readonly PlaceColumns _places = new(statement);
        private readonly List<long> _revs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<DateTime> _ats = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
        private readonly List<string> _kinds = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<long> _seqs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<string> _payloads = statement.Column<string>(NpgsqlDbType.Jsonb);
        private readonly List<long?> _messageSeqs = statement.Column<long?>(NpgsqlDbType.Bigint);
        private readonly List<string?> _authors = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<Guid?> _clients = statement.Column<Guid?>(NpgsqlDbType.Uuid);
        private readonly List<byte[]?> _hashes = statement.Column<byte[]?>(NpgsqlDbType.Bytea);
        private readonly RevisionColumns _revisions = new(statement);

        internal void Add(long head, AppendPlan plan, PlannedChange change)
        {
            _places.Add(head, plan);
            _revs.Add(change.Rev);
            _ats.Add(PostgresRows.Utc(change.Entry.At));
            _kinds.Add(change.Entry.Kind);
            _seqs.Add(change.Seq);
            _payloads.Add(change.Entry.Payload);
            _messageSeqs.Add(change.Entry.MessageSeq);
            _authors.Add(change.Entry.CommandId?.AuthorId.Value);
            _clients.Add(change.Entry.CommandId?.ClientId);
            _hashes.Add(change.Entry.CommandId is null ? null : change.Entry.Command.ToBytes());
            _revisions.Add(change.Entry.Revision, change.Entry.Reaction);
        }
    }

    /// <summary>What becomes of the message that a change is about.</summary>
    private sealed class RevisionColumns(AppendStatement statement)
    {
        private readonly List<int?> _versions = statement.Column<int?>(NpgsqlDbType.Integer);
        private readonly List<string?> _texts = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<string?> _mentions = statement.Column<string?>(NpgsqlDbType.Jsonb);
        private readonly List<string?> _mentioned = statement.Column<string?>(NpgsqlDbType.Jsonb);
        private readonly List<string?> _notMentioned = statement.Column<string?>(NpgsqlDbType.Jsonb);
        private readonly List<string?> _deletedBy = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<bool> _purged = statement.Column<bool>(NpgsqlDbType.Boolean);
        private readonly List<string?> _reactionUsers = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<string?> _reactions = statement.Column<string?>(NpgsqlDbType.Text);
        private readonly List<bool?> _added = statement.Column<bool?>(NpgsqlDbType.Boolean);

        internal void Add(MessageRevision? revision, ReactionEdit? reaction)
        {
            _versions.Add(revision?.Version);
            _texts.Add(revision?.Text);
            _mentions.Add(StoredMentions.Write(revision?.Mentions));
            _mentioned.Add(StoredMentions.WriteUsers(revision?.Mentioned ?? []));
            _notMentioned.Add(StoredMentions.WriteUsers(revision?.NotMentioned ?? []));
            _deletedBy.Add(revision?.DeletedBy?.Value);
            _purged.Add(revision is { Purged: true });
            _reactionUsers.Add(reaction?.UserId.Value);
            _reactions.Add(reaction?.Emoji);
            _added.Add(reaction?.Added);
        }
    }

    private sealed class AuditColumns(AppendStatement statement)
    {
        private readonly PlaceColumns _places = new(statement);
        private readonly List<Guid> _ids = statement.Column<Guid>(NpgsqlDbType.Uuid);
        private readonly List<DateTime> _ats = statement.Column<DateTime>(NpgsqlDbType.TimestampTz);
        private readonly List<string> _actors = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _actions = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _details = statement.Column<string>(NpgsqlDbType.Jsonb);

        internal void Add(long head, AppendPlan plan, AuditEntry audit)
        {
            _places.Add(head, plan);
            _ids.Add(Guid.CreateVersion7(audit.At));
            _ats.Add(PostgresRows.Utc(audit.At));
            _actors.Add(audit.ActorId.Value);
            _actions.Add(audit.Action);
            _details.Add(audit.Details);
        }
    }

    private sealed class EndColumns(AppendStatement statement)
    {
        private readonly PlaceColumns _places = new(statement);
        private readonly List<string> _users = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<long> _leftSeqs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _leftRevs = statement.Column<long>(NpgsqlDbType.Bigint);

        internal void Add(long head, AppendPlan plan, MembershipEnd end)
        {
            _places.Add(head, plan);
            _users.Add(end.UserId.Value);
            _leftSeqs.Add(end.LeftSeq);
            _leftRevs.Add(plan.MembersRev);
        }
    }

    private sealed class BeginColumns(AppendStatement statement)
    {
        private readonly PlaceColumns _places = new(statement);
        private readonly List<string> _users = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<long> _joinedSeqs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _joinedRevs = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _readSeqs = statement.Column<long>(NpgsqlDbType.Bigint);

        internal void Add(long head, AppendPlan plan, MembershipBegin begin)
        {
            _places.Add(head, plan);
            _users.Add(begin.UserId.Value);
            _joinedSeqs.Add(begin.JoinedSeq);
            _joinedRevs.Add(plan.MembersRev);
            _readSeqs.Add(begin.ReadSeq);
        }
    }

    private sealed class RetentionColumns(AppendStatement statement)
    {
        private readonly List<long> _heads = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<int?> _days = statement.Column<int?>(NpgsqlDbType.Integer);
        private readonly List<bool> _holds = statement.Column<bool>(NpgsqlDbType.Boolean);

        internal void Add(long head, ConversationRetention retention)
        {
            _heads.Add(head);
            _days.Add(retention.Days);
            _holds.Add(retention.LegalHold);
        }
    }

    /// <summary>Which append a row belongs to (by its number from 1), and which conversation.</summary>
    private sealed class PlaceColumns(AppendStatement statement)
    {
        private readonly List<long> _heads = statement.Column<long>(NpgsqlDbType.Bigint);
        private readonly List<string> _tenants = statement.Column<string>(NpgsqlDbType.Text);
        private readonly List<string> _conversations = statement.Column<string>(NpgsqlDbType.Text);

        internal void Add(long head, AppendPlan plan)
        {
            _heads.Add(head);
            _tenants.Add(plan.Append.TenantId.Value);
            _conversations.Add(plan.Append.ConversationId.Value);
        }
    }
}
