namespace OrleansChat.Identity;

/// <summary>A person of a tenant, by the helpdesk's own id (the token's <c>sub</c>).</summary>
[GenerateSerializer, Immutable, Alias("chat.UserId")]
public readonly record struct UserId
{
    /// <summary>Longest user id, in UTF-16 code units.</summary>
    public const int CharsMax = 128;

    /// <summary>The id as the helpdesk writes it; compared character by character.</summary>
    [Id(0)]
    public required string Value { get; init; }

    /// <summary>The user with this id.</summary>
    /// <exception cref="FormatException">Empty, longer than <see cref="CharsMax"/>, control characters or lone surrogates.</exception>
    public static UserId Of(string value) =>
        TryParse(value, out var id) ? id : throw new FormatException($"A user id has 1 to {CharsMax} characters and no control characters.");

    /// <summary>False when the text cannot be a user id.</summary>
    public static bool TryParse(string? value, out UserId id)
    {
        var valid = IdText.IsValid(value, CharsMax);
        id = valid ? new UserId { Value = value! } : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
