using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Wire;

/// <summary>The names of permissions on the wire; literals, never renamed (rule R1).</summary>
internal static class PermissionNames
{
    private static readonly (ChatPermissions Permission, string Name)[] Names =
    [
        (ChatPermissions.Use, "chat.use"),
        (ChatPermissions.DirectStart, "chat.dm.start"),
        (ChatPermissions.DirectReply, "chat.dm.reply"),
        (ChatPermissions.GroupCreate, "chat.group.create"),
        (ChatPermissions.GroupMembers, "chat.group.members"),
        (ChatPermissions.GroupRename, "chat.group.rename"),
        (ChatPermissions.MentionAll, "chat.mention_all"),
        (ChatPermissions.DeleteAny, "chat.message.delete_any"),
        (ChatPermissions.Export, "chat.export"),
        (ChatPermissions.AuditRead, "chat.audit.read"),
        (ChatPermissions.Retention, "chat.retention"),
    ];

    /// <summary>Every name, in one order.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. Names.Select(entry => entry.Name)];

    internal static IReadOnlyList<string> ToWire(this ChatPermissions permissions) =>
        [.. Names.Where(entry => permissions.HasFlag(entry.Permission)).Select(entry => entry.Name)];

    /// <summary>The set of these names; null when one of them is none.</summary>
    internal static ChatPermissions? Parse(IReadOnlyList<string?> names)
    {
        ChatPermissions permissions = 0;
        foreach (var name in names)
        {
            if (Array.Find(Names, entry => entry.Name == name) is not { Name: not null } found)
            {
                return null;
            }

            permissions |= found.Permission;
        }

        return permissions;
    }
}

internal sealed record PermissionsChangedEvent
{
    public required IReadOnlyList<string> Permissions { get; init; }

    public required string Role { get; init; }
}
