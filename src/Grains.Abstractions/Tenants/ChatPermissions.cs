namespace OrleansChat.Tenants;

/// <summary>
/// What somebody may do in the chat (rule R1). A tenant's policy gives each role its set; code asks for permissions, never
/// for roles. The wire names stand in docs/protocol.md.
/// </summary>
[Flags]
[GenerateSerializer, Alias("chat.ChatPermissions")]
public enum ChatPermissions
{
    /// <summary><c>chat.use</c>: take part at all. A role without it is restricted from internal chat.</summary>
    Use = 1,

    /// <summary><c>chat.dm.start</c>: write the first message of a direct conversation.</summary>
    DirectStart = 2,

    /// <summary><c>chat.dm.reply</c>: write in a direct conversation that somebody else began (rule R2).</summary>
    DirectReply = 4,

    /// <summary><c>chat.group.create</c>.</summary>
    GroupCreate = 8,

    /// <summary><c>chat.group.members</c>: add members and remove others; leaving needs nothing.</summary>
    GroupMembers = 16,

    /// <summary><c>chat.group.rename</c>.</summary>
    GroupRename = 32,

    /// <summary><c>chat.mention_all</c>: @all and @here in groups of more than 15 (rules C6, N3).</summary>
    MentionAll = 64,

    /// <summary><c>chat.message.delete_any</c>: delete what others wrote (rule M10).</summary>
    DeleteAny = 128,

    /// <summary><c>chat.export</c>.</summary>
    Export = 256,

    /// <summary><c>chat.audit.read</c>: read the audit, and private conversations for a stated reason (rule R4).</summary>
    AuditRead = 512,

    /// <summary><c>chat.retention</c>: how long conversations are kept (rule R5).</summary>
    Retention = 1024,
}
