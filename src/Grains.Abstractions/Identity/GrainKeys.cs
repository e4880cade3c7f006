namespace OrleansChat.Identity;

/// <summary>Key of <c>ConversationGrain</c>: <c>acme/dm/ann~bob</c>, <c>acme/c/018f…</c>.</summary>
public readonly record struct ConversationKey(TenantId TenantId, ConversationId ConversationId)
{
    /// <summary>The key that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Not such a key.</exception>
    public static ConversationKey Parse(string key)
    {
        var (tenant, rest) = GrainKeyText.Split(key);
        return ConversationId.TryParse(rest, out var conversation)
            ? new ConversationKey(tenant, conversation)
            : throw new FormatException($"'{key}' is not a conversation's key.");
    }

    /// <inheritdoc />
    public override string ToString() => KeyText.Encode(TenantId.Value) + KeyText.PartSeparator + ConversationId.Value;
}

/// <summary>Key of the grains that stand for one person: <c>acme/u/ann</c>.</summary>
public readonly record struct UserKey(TenantId TenantId, UserId UserId)
{
    private const string Prefix = "u/";

    /// <summary>The key that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Not such a key.</exception>
    public static UserKey Parse(string key)
    {
        var (tenant, rest) = GrainKeyText.Split(key);
        return rest.StartsWith(Prefix, StringComparison.Ordinal) && UserId.TryParse(KeyText.Decode(rest[Prefix.Length..]), out var user)
            ? new UserKey(tenant, user)
            : throw new FormatException($"'{key}' is not a user's key.");
    }

    /// <inheritdoc />
    public override string ToString() =>
        KeyText.Encode(TenantId.Value) + KeyText.PartSeparator + Prefix + KeyText.Encode(UserId.Value);
}

/// <summary>
/// Key of <c>PresenceGrain</c>: <c>presence/acme/u/ann</c>. It keeps state, and the storage of Orleans would read a key as a
/// number whose beginning looks like one; the first part never does (docs/keys-and-streams.md).
/// </summary>
public readonly record struct PresenceKey(TenantId TenantId, UserId UserId)
{
    private const string Prefix = "presence/";

    /// <summary>The key that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Not such a key.</exception>
    public static PresenceKey Parse(string key)
    {
        var user = key.StartsWith(Prefix, StringComparison.Ordinal)
            ? UserKey.Parse(key[Prefix.Length..])
            : throw new FormatException($"'{key}' is not the key of a presence.");
        return new PresenceKey(user.TenantId, user.UserId);
    }

    /// <inheritdoc />
    public override string ToString() => Prefix + new UserKey(TenantId, UserId);
}

/// <summary>Key of the grains that stand for one tenant: <c>acme</c>.</summary>
public readonly record struct TenantKey(TenantId TenantId)
{
    /// <summary>The key that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Not such a key.</exception>
    public static TenantKey Parse(string key) =>
        TenantId.TryParse(KeyText.Decode(key), out var tenant)
            ? new TenantKey(tenant)
            : throw new FormatException($"'{key}' is not a tenant's key.");

    /// <inheritdoc />
    public override string ToString() => KeyText.Encode(TenantId.Value);
}

internal static class GrainKeyText
{
    internal static (TenantId Tenant, string Local) Split(string key)
    {
        var separator = key.IndexOf(KeyText.PartSeparator, StringComparison.Ordinal);
        return separator > 0 && TenantId.TryParse(KeyText.Decode(key[..separator]), out var tenant)
            ? (tenant, key[(separator + 1)..])
            : throw new FormatException($"'{key}' does not begin with a tenant.");
    }
}
