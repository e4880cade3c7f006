namespace OrleansChat.Identity;

/// <summary>
/// One conversation of a tenant. <c>dm/ann~bob</c> is the direct conversation of the two people (sorted, so both sides
/// name the same one: rule C1); <c>c/018f…</c> is any other. The text says nothing about who may read it.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.ConversationId")]
public readonly record struct ConversationId
{
    /// <summary>Longest conversation id, in UTF-16 code units: two user ids of which every character is encoded.</summary>
    public const int CharsMax = 3 + (2 * 3 * UserId.CharsMax) + 1;

    private const string DirectPrefix = "dm/";
    private const string OtherPrefix = "c/";

    /// <summary>The id as it stands in keys and on the wire.</summary>
    [Id(0)]
    public required string Value { get; init; }

    /// <summary>True for the conversation of two people (or of one with themselves).</summary>
    public bool IsDirect => Value.StartsWith(DirectPrefix, StringComparison.Ordinal);

    /// <summary>The direct conversation of two people, whichever of them asks. One with oneself is allowed.</summary>
    public static ConversationId Direct(UserId one, UserId other)
    {
        var (first, second) = string.CompareOrdinal(one.Value, other.Value) <= 0 ? (one, other) : (other, one);
        return new ConversationId
        {
            Value = DirectPrefix + KeyText.Encode(first.Value) + KeyText.PairSeparator + KeyText.Encode(second.Value),
        };
    }

    /// <summary>A conversation that is not direct, by its UUID.</summary>
    public static ConversationId Of(Guid id) => new() { Value = OtherPrefix + id.ToString("N") };

    /// <summary>The conversation that a command creates: the same command of the same person names the same one (rule C4).</summary>
    public static ConversationId OfCommand(TenantId tenant, UserId author, Guid clientId)
    {
        var text = string.Join('\0', tenant.Value, author.Value, clientId.ToString("N"));
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // UUID of version 8: made by a rule of our own.
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return Of(new Guid(hash, bigEndian: true));
    }

    /// <summary>False when the text is not exactly what <see cref="Direct"/> or <see cref="Of"/> writes.</summary>
    public static bool TryParse(string? value, out ConversationId id)
    {
        id = default;
        if (value is null || value.Length > CharsMax)
        {
            return false;
        }

        var candidate = new ConversationId { Value = value };
        var valid = value.StartsWith(OtherPrefix, StringComparison.Ordinal)
            ? Guid.TryParseExact(value.AsSpan(OtherPrefix.Length), "N", out var guid) && Of(guid) == candidate
            : candidate.TryGetPair(out var one, out var other) && Direct(one, other) == candidate;
        id = valid ? candidate : default;
        return valid;
    }

    /// <summary>The two people of a direct conversation; false for any other.</summary>
    public bool TryGetPair(out UserId one, out UserId other)
    {
        one = other = default;
        if (!IsDirect)
        {
            return false;
        }

        var pair = Value[DirectPrefix.Length..].Split(KeyText.PairSeparator);
        return pair.Length == 2
            && UserId.TryParse(KeyText.Decode(pair[0]), out one)
            && UserId.TryParse(KeyText.Decode(pair[1]), out other);
    }

    /// <summary>The other one of the two people of a direct conversation (oneself, when it is with oneself); null for whoever is none of them.</summary>
    public UserId? PeerOf(UserId user) =>
        !TryGetPair(out var one, out var other) ? null : user == one ? other : user == other ? one : null;

    /// <inheritdoc />
    public override string ToString() => Value;
}
