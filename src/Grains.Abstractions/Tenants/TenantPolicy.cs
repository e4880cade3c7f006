namespace OrleansChat.Tenants;

/// <summary>What a tenant decided for its people (rules R1, R5, M8, S9). Owned by the directory; of a tenant that decided nothing: the defaults.</summary>
[GenerateSerializer, Immutable, Alias("chat.TenantPolicy")]
public sealed record TenantPolicy
{
    /// <summary>Of a tenant that decided nothing.</summary>
    public static TenantPolicy Default { get; } = new() { Version = 0 };

    /// <summary>Rises by one with every change; 0 before the first.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>What agents may do; null: the role's default.</summary>
    [Id(1)]
    public ChatPermissions? Agent { get; init; }

    /// <summary>What supervisors may do; null: the role's default.</summary>
    [Id(2)]
    public ChatPermissions? Supervisor { get; init; }

    /// <summary>What admins may do; null: the role's default.</summary>
    [Id(3)]
    public ChatPermissions? Admin { get; init; }

    /// <summary>What owners may do; null: the role's default.</summary>
    [Id(4)]
    public ChatPermissions? Owner { get; init; }

    /// <summary>True: somebody with a valid token whom the directory does not know becomes known by it.</summary>
    [Id(5)]
    public bool ProvisionUnknown { get; init; } = true;

    /// <summary>How long after posting a message may be edited, in whole seconds; null: for ever (rule M8).</summary>
    [Id(6)]
    public TimeSpan? EditWindow { get; init; }

    /// <summary>True: members may read the earlier texts of an edited message.</summary>
    [Id(7)]
    public bool ShowVersions { get; init; } = true;

    /// <summary>Days after which messages go, 1 or more; null: never (rule R5).</summary>
    [Id(8)]
    public int? RetentionDays { get; init; }

    /// <summary>Pages that may show the chat as a panel (rule S9).</summary>
    [Id(9)]
    public FrameOrigins FrameOrigins { get; init; } = FrameOrigins.None;

    /// <summary>What somebody with this role may do.</summary>
    public ChatPermissions PermissionsOf(Role role) => role switch
    {
        Role.Agent => Agent,
        Role.Supervisor => Supervisor,
        Role.Admin => Admin,
        Role.Owner => Owner,
    } ?? RolePermissions.Default(role);
}

/// <summary>What a tenant's policy may be; pure.</summary>
public static class TenantPolicyRules
{
    /// <summary>Longest edit window: ten years.</summary>
    public static readonly TimeSpan EditWindowMax = TimeSpan.FromDays(3_650);

    /// <summary>Longest retention, in days: a hundred years.</summary>
    public const int RetentionDaysMax = 36_500;

    /// <summary>Every permission there is.</summary>
    public static readonly ChatPermissions All = Enum.GetValues<ChatPermissions>().Aggregate((all, one) => all | one);

    /// <summary>False when a value is out of its bounds.</summary>
    public static bool IsValid(TenantPolicy policy) =>
        new[] { policy.Agent, policy.Supervisor, policy.Admin, policy.Owner }.All(set => ((set ?? 0) & ~All) == 0)
        && (policy.EditWindow is not { } window || IsEditWindow(window))
        && (policy.RetentionDays is not { } days || IsRetention(days))
        && FrameOriginRules.AreValid(policy.FrameOrigins);

    /// <summary>False for what is no edit window.</summary>
    public static bool IsEditWindow(TimeSpan window) =>
        window >= TimeSpan.Zero && window <= EditWindowMax && window.Ticks % TimeSpan.TicksPerSecond == 0;

    /// <summary>False for what is no number of days to keep messages.</summary>
    public static bool IsRetention(int days) => days is >= 1 and <= RetentionDaysMax;
}
