using OrleansChat.Text;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>What a person's record may be; pure.</summary>
public static class PersonRules
{
    /// <summary>Longest display name, in Unicode scalars.</summary>
    public const int NameScalarsMax = 80;

    /// <summary>The person, or null when the id or the name is out of bounds.</summary>
    public static Person? Create(string? userId, string? name, Role role) =>
        UserId.TryParse(userId, out var id) && TextRules.Name(name ?? string.Empty, NameScalarsMax) is { } valid
            ? new Person { UserId = id, Name = valid, Role = role }
            : null;
}
