using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>What people have written and not sent yet.</summary>
internal sealed partial class SqliteInboxStore
{
    // A member, or one of the two people ($4 is the other) of a direct conversation that nobody has written in yet.
    private const string Belongs =
        """
        (exists (
                select 1 from participants p
                where p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null)
            or not exists (select 1 from conversations c where c.tenant_id = $1 and c.conversation_id = $3)
                and exists (select 1 from users u where u.tenant_id = $1 and u.user_id = $4 and u.active)
                and exists (select 1 from users u where u.tenant_id = $1 and u.user_id = $2 and u.active))
        """;

    private const string ReadDraft =
        """
        select coalesce(d.version, 0), coalesce(d.text, ''), d.reply_to_seq, d.at,
            (select count(*) from drafts o where o.tenant_id = $1 and o.user_id = $2 and o.text <> '')
        from (select 1)
        left join drafts d on d.tenant_id = $1 and d.user_id = $2 and d.conversation_id = $3
        where 
        """ + Belongs;

    private const string WriteDraft =
        """
        insert into drafts (tenant_id, user_id, conversation_id, version, text, reply_to_seq, at)
        select $1, $2, $3, $5, $6, $7, $8 where 
        """ + Belongs +
        """

        on conflict (tenant_id, user_id, conversation_id) do update set
            version = excluded.version, text = excluded.text, reply_to_seq = excluded.reply_to_seq, at = excluded.at
        where drafts.version = excluded.version - 1
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
            session =>
            {
                using var reader = session.Query(ReadDraft, tenant.Value, user.Value, conversation.Value, conversation.PeerOf(user)?.Value);
                return reader.Read() ? new DraftRead(Draft(reader, conversation), reader.GetInt32(4)) : null;
            },
            cancellationToken);

    public Task<bool> WriteDraftAsync(TenantId tenant, UserId user, Draft draft, DateTimeOffset at, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            var written = session.Execute(
                WriteDraft, tenant.Value, user.Value, draft.ConversationId.Value, draft.ConversationId.PeerOf(user)?.Value,
                draft.Version, draft.Text, draft.ReplyTo, Time(at)) == 1;
            return (written, written);
        },
        cancellationToken);

    public Task<ImmutableArray<Draft>> ListDraftsAsync(TenantId tenant, UserId user, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var drafts = ImmutableArray.CreateBuilder<Draft>();
            using var reader = session.Query(ListDrafts, tenant.Value, user.Value);
            while (reader.Read())
            {
                drafts.Add(Draft(reader, reader.Conversation(4)));
            }

            return drafts.DrainToImmutable();
        },
        cancellationToken);

    private static Draft Draft(SqliteDataReader reader, ConversationId conversation)
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
