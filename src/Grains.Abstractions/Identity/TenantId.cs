namespace OrleansChat.Identity;

/// <summary>One customer organisation of the helpdesk. Comes from the authenticated caller, never from an argument.</summary>
[GenerateSerializer, Immutable, Alias("chat.TenantId")]
public readonly record struct TenantId
{
    /// <summary>Longest tenant id, in UTF-16 code units.</summary>
    public const int CharsMax = 64;

    /// <summary>The id as the helpdesk writes it.</summary>
    [Id(0)]
    public required string Value { get; init; }

    /// <summary>The tenant with this id.</summary>
    /// <exception cref="FormatException">Empty, longer than <see cref="CharsMax"/>, control characters or lone surrogates.</exception>
    public static TenantId Of(string value) =>
        TryParse(value, out var id) ? id : throw new FormatException($"A tenant id has 1 to {CharsMax} characters and no control characters.");

    /// <summary>False when the text cannot be a tenant id.</summary>
    public static bool TryParse(string? value, out TenantId id)
    {
        var valid = IdText.IsValid(value, CharsMax);
        id = valid ? new TenantId { Value = value! } : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
