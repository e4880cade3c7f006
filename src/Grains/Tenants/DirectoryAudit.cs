using System.Text.Json;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>What the audit says of acts on a tenant as a whole; pure but for the id. The only maker of these entries.</summary>
internal static class DirectoryAudit
{
    internal static AuditRecord PolicyChanged(UserId actor, TenantPolicy before, TenantPolicy after, DateTimeOffset now) =>
        Entry(actor, "policy.changed", now, new { before = Values(before), after = Values(after) });

    /// <summary>A valid token made somebody known.</summary>
    internal static AuditRecord Provisioned(Person person, DateTimeOffset now) =>
        Entry(person.UserId, "person.provisioned", now, new { userId = person.UserId.Value, after = Values(person) });

    internal static AuditRecord Put(UserId actor, Person? before, Person after, DateTimeOffset now) => before is null
        ? Entry(actor, "person.added", now, new { userId = after.UserId.Value, after = Values(after) })
        : Entry(actor, "person.changed", now, new { userId = after.UserId.Value, before = Values(before), after = Values(after) });

    internal static AuditRecord RetentionChanged(
        UserId actor, ConversationId conversation, ConversationRetention before, ConversationRetention after, DateTimeOffset now) =>
        Entry(actor, "retention.changed", now, new { before = Values(before), after = Values(after) }, conversation);

    internal static AuditRecord Entry(UserId actor, string action, DateTimeOffset now, object details, ConversationId? conversation = null) => new()
    {
        Id = Guid.CreateVersion7(now),
        At = StoredTime.Truncate(now),
        ActorId = actor,
        Action = action,
        ConversationId = conversation,
        Details = JsonSerializer.Serialize(details),
    };

    private static object Values(ConversationRetention retention) => new { days = retention.Days, legalHold = retention.LegalHold };

    private static object Values(Person person) => new { name = person.Name, role = $"{person.Role}".ToLowerInvariant(), active = person.Active };

    private static object Values(TenantPolicy policy) => new
    {
        version = policy.Version,
        agent = (int?)policy.Agent,
        supervisor = (int?)policy.Supervisor,
        admin = (int?)policy.Admin,
        owner = (int?)policy.Owner,
        provisionUnknown = policy.ProvisionUnknown,
        editWindowSeconds = (long?)policy.EditWindow?.TotalSeconds,
        showVersions = policy.ShowVersions,
        retentionDays = policy.RetentionDays,
        frameOrigins = policy.FrameOrigins.Origins,
    };
}
