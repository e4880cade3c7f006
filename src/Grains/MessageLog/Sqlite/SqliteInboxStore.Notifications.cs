using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Levels and mutes, and what is kept to explain notifications.</summary>
internal sealed partial class SqliteInboxStore
{
    private const string ReadSettings =
        """
        select level, muted_from, muted_until, read_version
        from participants
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null
        """;

    private const string WriteSettings =
        """
        update participants set level = $5, muted_from = $6, muted_until = $7, read_version = read_version + 1
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null and read_version = $4
        """;

    private const string LogSettings =
        """
        insert into notification_settings_log (tenant_id, user_id, conversation_id, read_version, ended_at, level, muted_from, muted_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string AddReport =
        """
        insert into notification_reports (tenant_id, conversation_id, user_id, seq, device, outcome, at)
        select $1, $3, $2, $4, $5, $6, $7
        where exists (
                select 1 from participants p
                where p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null)
            and exists (select 1 from messages m where m.tenant_id = $1 and m.conversation_id = $3 and m.seq = $4)
            and (
                select count(*) from notification_reports r
                where r.tenant_id = $1 and r.conversation_id = $3 and r.user_id = $2 and r.seq = $4) < $8
        on conflict do nothing
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
            m.named_at,
            m.widely_at,
            case when y.level is null then p.level else y.level end,
            case when y.level is null then p.muted_from else y.muted_from end,
            case when y.level is null then p.muted_until else y.muted_until end,
            
        """ + MessageSql.PreviewColumns +
        """

        from (
            select o.*,
                (
                    select min(t.at) from (
                        select o.created_at as at, coalesce(o.first_mentions, o.mentions) as mentions
                        union all
                        select v.written_at, v.mentions from message_versions v
                        where v.tenant_id = $1 and v.conversation_id = $3 and v.seq = $4
                        union all
                        select coalesce(o.edited_at, o.created_at), o.mentions) t
                    where exists (select 1 from json_each(t.mentions, '$.users') named where named.value = $2)) as named_at,
                (
                    select min(t.at) from (
                        select o.created_at as at, coalesce(o.first_mentions, o.mentions) as mentions
                        union all
                        select v.written_at, v.mentions from message_versions v
                        where v.tenant_id = $1 and v.conversation_id = $3 and v.seq = $4
                        union all
                        select coalesce(o.edited_at, o.created_at), o.mentions) t
                    where json_extract(t.mentions, '$.all') is not null
                        or exists (select 1 from json_each(t.mentions, '$.here') online where online.value = $2)) as widely_at
            from messages o
            where o.tenant_id = $1 and o.conversation_id = $3 and o.seq = $4) m
        join conversations c on c.tenant_id = $1 and c.conversation_id = $3
        join participants p on p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        left join notification_settings_log l on l.tenant_id = $1 and l.conversation_id = $3 and l.user_id = $2 and l.read_version = (
            select s.read_version
            from notification_settings_log s
            where s.tenant_id = $1 and s.conversation_id = $3 and s.user_id = $2 and s.ended_at > m.created_at
            order by s.read_version
            limit 1)
        left join notification_settings_log y on y.tenant_id = $1 and y.conversation_id = $3 and y.user_id = $2 and y.read_version = (
            select s.read_version
            from notification_settings_log s
            where s.tenant_id = $1 and s.conversation_id = $3 and s.user_id = $2 and s.ended_at > coalesce(m.widely_at, m.created_at)
            order by s.read_version
            limit 1)
        """;

    private const string ReadReports =
        """
        select device, outcome, at
        from notification_reports
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and seq = $4
        order by at, device, outcome
        limit 200
        """;

    private const string TakeTurn =
        """
        insert into notify_now (tenant_id, sender_id, user_id, at) values ($1, $2, $3, $4)
        on conflict (tenant_id, sender_id, user_id) do update set at = excluded.at where notify_now.at <= $5
        """;

    private const string PurgeSettings =
        """
        delete from notification_settings_log where (tenant_id, conversation_id, user_id, read_version) in (
            select tenant_id, conversation_id, user_id, read_version from notification_settings_log where ended_at < $1 limit $2)
        """;

    private const string PurgeReports =
        """
        delete from notification_reports where (tenant_id, conversation_id, user_id, seq, device, outcome) in (
            select tenant_id, conversation_id, user_id, seq, device, outcome from notification_reports where at < $1 limit $2)
        """;

    private const string PurgeTurns =
        """
        delete from notify_now where (tenant_id, sender_id, user_id) in (
            select tenant_id, sender_id, user_id from notify_now where at < $1 limit $2)
        """;

    public Task<StoredNotifications?> ReadNotificationsAsync(
        TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken) => readers.ReadAsync(
            session =>
            {
                using var reader = session.Query(ReadSettings, tenant.Value, user.Value, conversation.Value);
                return reader.Read() ? new StoredNotifications(Settings(reader, 0), reader.GetInt64(3)) : null;
            },
            cancellationToken);

    public Task<bool> WriteNotificationsAsync(
        TenantId tenant, UserId user, ConversationId conversation, StoredNotifications before, NotificationSettings after, DateTimeOffset at,
        CancellationToken cancellationToken) => WriteAsync(
            session =>
            {
                var moved = session.Execute(
                    WriteSettings, tenant.Value, user.Value, conversation.Value, before.ReadVersion,
                    (long)StoredLevel.Write(after.Level), Time(after.MutedFrom), Time(after.MutedUntil)) == 1;
                if (moved)
                {
                    session.Execute(
                        LogSettings, tenant.Value, user.Value, conversation.Value, before.ReadVersion, Time(at),
                        (long)StoredLevel.Write(before.Settings.Level), Time(before.Settings.MutedFrom), Time(before.Settings.MutedUntil));
                }

                return (moved, moved);
            },
            cancellationToken);

    public Task ReportNotificationsAsync(
        TenantId tenant, UserId user, string device, IReadOnlyCollection<NotificationReport> reports, CancellationToken cancellationToken) => WriteAsync(
            session =>
            {
                var added = 0;
                foreach (var report in reports)
                {
                    added += session.Execute(
                        AddReport, tenant.Value, user.Value, report.ConversationId.Value, report.Seq, device, (long)report.Outcome, Time(report.At),
                        (long)IInboxStore.ReportsPerMessageMax);
                }

                return (added, added > 0);
            },
            cancellationToken);

    public Task<NotifiedRead?> ReadNotifiedAsync(
        TenantId tenant, UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken) => readers.ReadAsync(
            session =>
            {
                NotifiedRead read;
                using (var reader = session.Query(ReadNotified, tenant.Value, user.Value, conversation.Value, seq))
                {
                    if (!reader.Read())
                    {
                        return null;
                    }

                    read = new NotifiedRead
                    {
                        Kind = (ConversationKind)reader.GetInt32(0),
                        Settings = Settings(reader, 1),
                        WasMember = reader.GetBoolean(4),
                        NamedAt = reader.OptionalTime(5),
                        WidelyAt = reader.OptionalTime(6),
                        SettingsWidely = Settings(reader, 7),
                        Message = reader.Message(10),
                        Devices = [],
                    };
                }

                return read with { Devices = ReadOutcomes(session, tenant, user, conversation, seq) };
            },
            cancellationToken);

    public Task<ImmutableArray<UserId>> TakeNotifyNowAsync(
        TenantId tenant, UserId sender, IReadOnlyCollection<UserId> people, DateTimeOffset at, TimeSpan pause, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                var taken = ImmutableArray.CreateBuilder<UserId>();
                foreach (var person in people)
                {
                    if (session.Execute(TakeTurn, tenant.Value, sender.Value, person.Value, Time(at), Time(at - pause)) == 1)
                    {
                        taken.Add(person);
                    }
                }

                return (taken.ToImmutable(), taken.Count > 0);
            },
            cancellationToken);

    public Task<long> PurgeNotificationsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            object?[] bounds = [Time(before), (long)limit];
            long purged = session.Execute(PurgeSettings, bounds) + session.Execute(PurgeReports, bounds) + session.Execute(PurgeTurns, bounds);
            return (purged, purged > 0);
        },
        cancellationToken);

    private static NotificationSettings Settings(SqliteDataReader reader, int column) => new()
    {
        Level = StoredLevel.Read(reader.GetInt32(column)),
        MutedFrom = reader.OptionalTime(column + 1),
        MutedUntil = reader.OptionalTime(column + 2),
    };

    private static ImmutableArray<DeviceOutcome> ReadOutcomes(
        SqliteSession session, TenantId tenant, UserId user, ConversationId conversation, long seq)
    {
        var outcomes = ImmutableArray.CreateBuilder<DeviceOutcome>();
        using var reader = session.Query(ReadReports, tenant.Value, user.Value, conversation.Value, seq);
        while (reader.Read())
        {
            outcomes.Add(new DeviceOutcome
            {
                Device = reader.GetString(0),
                Outcome = (NotificationOutcome)reader.GetInt32(1),
                At = reader.Time(2),
            });
        }

        return outcomes.DrainToImmutable();
    }
}
