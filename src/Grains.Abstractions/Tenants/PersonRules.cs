using OrleansChat.Text;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>What a person's record may be; pure.</summary>
public static class PersonRules
{
    /// <summary>The person, or null when the id or the name is out of bounds (<see cref="DirectoryOptions.NameScalarsMax"/>).</summary>
    public static Person? Create(string? userId, string? name, Role role, int nameScalarsMax) =>
        UserId.TryParse(userId, out var id) && TextRules.Name(name ?? string.Empty, nameScalarsMax) is { } valid
            ? new Person { UserId = id, Name = valid, Role = role }
            : null;
}
