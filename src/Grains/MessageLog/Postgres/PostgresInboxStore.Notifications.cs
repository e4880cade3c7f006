using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Levels and mutes, and what is kept to explain notifications. Repeating a write changes nothing more, so they run where reads run.</summary>
internal sealed partial class PostgresInboxStore
{
    private const string ReadSettings =
        """
        select level, muted_from, muted_until, read_version
        from participants
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null
        """;

    private const string WriteSettings =
        """
        with moved as (
            update participants set level = $5, muted_from = $6, muted_until = $7, read_version = read_version + 1
            where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null and read_version = $4
            returning 1
        ),
        logged as (
            insert into notification_settings_log (tenant_id, conversation_id, user_id, read_version, ended_at, level, muted_from, muted_until)
            select $1, $3, $2, $4, $8, $9, $10, $11 from moved
        )
        select exists (select 1 from moved)
        """;

    private const string AddReports =
        """
        with added as (
            insert into notification_reports (tenant_id, conversation_id, user_id, seq, device, outcome, at)
            select $1, r.conversation_id, $2, r.seq, $3, r.outcome, r.at
            from (
                select n.*, row_number() over (partition by n.conversation_id, n.seq) as place
                from unnest($4, $5, $6, $7) as n(conversation_id, seq, outcome, at)) r
            join participants p on p.tenant_id = $1 and p.conversation_id = r.conversation_id and p.user_id = $2 and p.left_seq is null
            join messages m on m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq = r.seq
            where r.place + (
                select count(*) from notification_reports o
                where o.tenant_id = $1 and o.conversation_id = r.conversation_id and o.user_id = $2 and o.seq = r.seq) <= $8
            on conflict do nothing
            returning 1
        )
        select count(*) from added
        """;

    private const string ReadNotified =
        """
        select c.kind,
            case when l.level is null then p.level else l.level end,
            case when l.level is null then p.muted_from else l.muted_from end,
            case when l.level is null then p.muted_until else l.muted_until end,
            exists (
                select 1 from participants w
                where w.tenant_id = $1 and w.conversation_id = $3 and w.user_id = $2
                    and w.joined_seq <= m.seq and (w.left_seq is null or m.seq < w.left_seq)),
            n.named_at,
            n.widely_at,
            case when y.level is null then p.level else y.level end,
            case when y.level is null then p.muted_from else y.muted_from end,
            case when y.level is null then p.muted_until else y.muted_until end,
            
        """ + MessageSql.PreviewColumns +
        """

        from messages m
        join conversations c on c.tenant_id = $1 and c.conversation_id = $3
        join participants p on p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        left join lateral (
            select s.level, s.muted_from, s.muted_until
            from notification_settings_log s
            where s.tenant_id = $1 and s.conversation_id = $3 and s.user_id = $2 and s.ended_at > m.created_at
            order by s.read_version
            limit 1) l on true
        left join lateral (
            select min(t.at) filter (where t.mentions -> 'users' ? $2) as named_at,
                min(t.at) filter (where t.mentions ? 'all' or t.mentions -> 'here' ? $2) as widely_at
            from (
                select m.created_at as at, coalesce(m.first_mentions, m.mentions) as mentions
                union all
                select v.written_at, v.mentions from message_versions v
                where v.tenant_id = $1 and v.conversation_id = $3 and v.seq = $4
                union all
                select coalesce(m.edited_at, m.created_at), m.mentions) t) n on true
        left join lateral (
            select s.level, s.muted_from, s.muted_until
            from notification_settings_log s
            where s.tenant_id = $1 and s.conversation_id = $3 and s.user_id = $2 and s.ended_at > coalesce(n.widely_at, m.created_at)
            order by s.read_version
            limit 1) y on true
        where m.tenant_id = $1 and m.conversation_id = $3 and m.seq = $4
        """;

    private const string ReadReports =
        """
        select device, outcome, at
        from notification_reports
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and seq = $4
        order by at, device, outcome
        limit 200
        """;

    private const string TakeTurns =
        """
        insert into notify_now (tenant_id, sender_id, user_id, at)
        select $1, $2, p.user_id, $4 from unnest($3) as p(user_id)
        on conflict (tenant_id, sender_id, user_id) do update set at = excluded.at
            where notify_now.at <= $5
        returning user_id
        """;

    private const string Purge =
        """
        with settings as (
            delete from notification_settings_log
            where ctid = any(array(select ctid from notification_settings_log where ended_at < $1 limit $2)) returning 1
        ),
        reports as (
            delete from notification_reports where ctid = any(array(select ctid from notification_reports where at < $1 limit $2)) returning 1
        ),
        turns as (
            delete from notify_now where ctid = any(array(select ctid from notify_now where at < $1 limit $2)) returning 1
        )
        select (select count(*) from settings) + (select count(*) from reports) + (select count(*) from turns)
        """;

    public Task<StoredNotifications?> ReadNotificationsAsync(
        TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken) => readers.ReadAsync(
            ReadSettings,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
                ? new StoredNotifications(Settings(reader, 0), reader.GetInt64(3))
                : null,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value));

    public Task<bool> WriteNotificationsAsync(
        TenantId tenant, UserId user, ConversationId conversation, StoredNotifications before, NotificationSettings after, DateTimeOffset at,
        CancellationToken cancellationToken) => WriteAsync(
            WriteSettings,
            ReadFlagAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Bigint, before.ReadVersion),
            Value(NpgsqlDbType.Smallint, StoredLevel.Write(after.Level)),
            Time(after.MutedFrom),
            Time(after.MutedUntil),
            Time(at),
            Value(NpgsqlDbType.Smallint, StoredLevel.Write(before.Settings.Level)),
            Time(before.Settings.MutedFrom),
            Time(before.Settings.MutedUntil));

    public Task ReportNotificationsAsync(
        TenantId tenant, UserId user, string device, IReadOnlyCollection<NotificationReport> reports, CancellationToken cancellationToken) => WriteAsync(
            AddReports,
            ReadNumberAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, device),
            Texts(reports.Select(report => report.ConversationId.Value)),
            Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, reports.Select(report => report.Seq).ToArray()),
            Value(NpgsqlDbType.Array | NpgsqlDbType.Smallint, reports.Select(report => (short)report.Outcome).ToArray()),
            Value(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, reports.Select(report => PostgresRows.Utc(report.At)).ToArray()),
            Value(NpgsqlDbType.Bigint, (long)IInboxStore.ReportsPerMessageMax));

    public async Task<NotifiedRead?> ReadNotifiedAsync(
        TenantId tenant, UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        NpgsqlParameter[] key =
        [
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Bigint, seq),
        ];
        var read = await readers.ReadAsync(
            ReadNotified,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
                ? new NotifiedRead
                {
                    Kind = (ConversationKind)reader.GetInt16(0),
                    Settings = Settings(reader, 1),
                    WasMember = reader.GetBoolean(4),
                    NamedAt = reader.OptionalTime(5),
                    WidelyAt = reader.OptionalTime(6),
                    SettingsWidely = Settings(reader, 7),
                    Message = reader.Message(10),
                    Devices = [],
                }
                : null,
            cancellationToken,
            key).ConfigureAwait(false);
        return read is null
            ? null
            : read with { Devices = await readers.ReadAsync(ReadReports, ReadOutcomesAsync, cancellationToken, key).ConfigureAwait(false) };
    }

    public Task<ImmutableArray<UserId>> TakeNotifyNowAsync(
        TenantId tenant, UserId sender, IReadOnlyCollection<UserId> people, DateTimeOffset at, TimeSpan pause, CancellationToken cancellationToken) =>
        WriteAsync(
            TakeTurns,
            ReadUsersAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, sender.Value),
            Texts(people.Select(person => person.Value)),
            Time(at),
            Time(at - pause));

    public Task<long> PurgeNotificationsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        WriteAsync(Purge, ReadNumberAsync, cancellationToken, Time(before), Value(NpgsqlDbType.Integer, limit));

    private static NotificationSettings Settings(NpgsqlDataReader reader, int column) => new()
    {
        Level = StoredLevel.Read(reader.GetInt16(column)),
        MutedFrom = reader.OptionalTime(column + 1),
        MutedUntil = reader.OptionalTime(column + 2),
    };

    private static async Task<long> ReadNumberAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetInt64(0) : 0;

    private static async Task<ImmutableArray<DeviceOutcome>> ReadOutcomesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<DeviceOutcome>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            outcomes.Add(new DeviceOutcome
            {
                Device = reader.GetString(0),
                Outcome = (NotificationOutcome)reader.GetInt16(1),
                At = reader.Time(2),
            });
        }

        return outcomes.DrainToImmutable();
    }
}
