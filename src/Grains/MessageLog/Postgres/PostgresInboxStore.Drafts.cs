using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>What people have written and not sent yet. Repeating a write changes nothing more, so they run where reads run.</summary>
internal sealed partial class PostgresInboxStore
{
    private const string CurrentMembership =
        "select 1 from participants where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null";

    // A direct conversation that nobody has written in yet, and both of its people are there ($4 is the other).
    private const string Unwritten =
        """
        not exists (select 1 from conversations where tenant_id = $1 and conversation_id = $3)
            and exists (select 1 from users where tenant_id = $1 and user_id = $4 and active)
            and exists (select 1 from users where tenant_id = $1 and user_id = $2 and active)
        """;

    private const string ReadDraft =
        $"""
        select coalesce(d.version, 0), coalesce(d.text, ''), d.reply_to_seq, d.at,
            (select count(*) from drafts o where o.tenant_id = $1 and o.user_id = $2 and o.text <> '')
        from (select 1) one
        left join drafts d on d.tenant_id = $1 and d.user_id = $2 and d.conversation_id = $3
        where exists ({CurrentMembership}) or {Unwritten}
        """;

    // The membership is locked: one that ends meanwhile waits, and forgets what is written here.
    private const string WriteDraft =
        $"""
        with member as materialized ({CurrentMembership} for share),
        written as (
            insert into drafts (tenant_id, user_id, conversation_id, version, text, reply_to_seq, at)
            select $1, $2, $3, $5, $6, $7, $8
            where exists (select 1 from member) or {Unwritten}
            on conflict (tenant_id, user_id, conversation_id) do update set
                version = excluded.version, text = excluded.text, reply_to_seq = excluded.reply_to_seq, at = excluded.at
            where drafts.version = excluded.version - 1
            returning 1
        )
        select exists (select 1 from written)
        """;

    // What has no conversation was saved for one that nobody has written in yet.
    private const string ListDrafts =
        """
        select d.version, d.text, d.reply_to_seq, d.at, d.conversation_id
        from drafts d
        where d.tenant_id = $1 and d.user_id = $2 and d.text <> '' and (
            exists (
                select 1 from participants p
                where p.tenant_id = $1 and p.conversation_id = d.conversation_id and p.user_id = $2 and p.left_seq is null)
            or not exists (select 1 from conversations c where c.tenant_id = $1 and c.conversation_id = d.conversation_id))
        order by d.at desc, d.conversation_id
        """;

    public Task<DraftRead?> ReadDraftAsync(TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadDraft,
            async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
                ? new DraftRead(Draft(reader, conversation), (int)reader.GetInt64(4))
                : null,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Text, conversation.PeerOf(user)?.Value));

    public Task<bool> WriteDraftAsync(TenantId tenant, UserId user, Draft draft, DateTimeOffset at, CancellationToken cancellationToken) => WriteAsync(
        WriteDraft,
        ReadFlagAsync,
        cancellationToken,
        Value(NpgsqlDbType.Text, tenant.Value),
        Value(NpgsqlDbType.Text, user.Value),
        Value(NpgsqlDbType.Text, draft.ConversationId.Value),
        Value(NpgsqlDbType.Text, draft.ConversationId.PeerOf(user)?.Value),
        Value(NpgsqlDbType.Bigint, draft.Version),
        Value(NpgsqlDbType.Text, draft.Text),
        Value(NpgsqlDbType.Bigint, draft.ReplyTo),
        Time(at));

    public Task<ImmutableArray<Draft>> ListDraftsAsync(TenantId tenant, UserId user, CancellationToken cancellationToken) => readers.ReadAsync(
        ListDrafts, ReadDraftsAsync, cancellationToken, Value(NpgsqlDbType.Text, tenant.Value), Value(NpgsqlDbType.Text, user.Value));

    private static async Task<ImmutableArray<Draft>> ReadDraftsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var drafts = ImmutableArray.CreateBuilder<Draft>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            drafts.Add(Draft(reader, new ConversationId { Value = reader.GetString(4) }));
        }

        return drafts.DrainToImmutable();
    }

    private static Draft Draft(NpgsqlDataReader reader, ConversationId conversation)
    {
        var text = reader.GetString(1);
        return new Draft
        {
            ConversationId = conversation,
            Version = reader.GetInt64(0),
            Text = text,
            ReplyTo = reader.IsDBNull(2) ? null : reader.GetInt64(2),
            SavedAt = text.Length == 0 ? null : reader.Time(3),
        };
    }
}
