using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog;

/// <summary>What no store is asked to keep of a person.</summary>
internal static class PeopleValidator
{
    /// <exception cref="ArgumentException">A name has U+0000 or a lone surrogate, or a role is unknown.</exception>
    internal static void Check(IReadOnlyCollection<Person> people)
    {
        foreach (var person in people)
        {
            if (!StoredText.IsValid(person.Name) || !StoredText.IsValid(person.UserId.Value) || !Enum.IsDefined(person.Role))
            {
                throw new ArgumentException("A person's id or name has U+0000 or a lone surrogate, or the role is unknown.", nameof(people));
            }
        }
    }
}
