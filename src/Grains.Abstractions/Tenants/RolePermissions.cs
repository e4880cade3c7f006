namespace OrleansChat.Tenants;

/// <summary>What each role may do where the tenant's policy says nothing else (rule R1).</summary>
public static class RolePermissions
{
    private const ChatPermissions OfAgent =
        ChatPermissions.Use | ChatPermissions.DirectStart | ChatPermissions.DirectReply
        | ChatPermissions.GroupCreate | ChatPermissions.GroupMembers | ChatPermissions.GroupRename;

    private const ChatPermissions OfSupervisor = OfAgent | ChatPermissions.MentionAll;

    private const ChatPermissions OfAdmin = OfSupervisor | ChatPermissions.DeleteAny | ChatPermissions.Export | ChatPermissions.Retention;

    /// <summary>The role's permissions by default.</summary>
    public static ChatPermissions Default(Role role) => role switch
    {
        Role.Agent => OfAgent,
        Role.Supervisor => OfSupervisor,
        Role.Admin => OfAdmin,
        Role.Owner => OfAdmin | ChatPermissions.AuditRead,
    };
}
