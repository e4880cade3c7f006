using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class PersonRulesTests
{
    private const int NameMax = 80;

    [Theory]
    [InlineData(1)]
    [InlineData(80)]
    [InlineData(200)]
    public void Create_AtTheBounds_IsAPerson(int nameMax)
    {
        var id = new string('i', 128);
        var person = PersonRules.Create(id, $" {new string('n', nameMax)} ", Role.Owner, nameMax).ShouldNotBeNull();

        person.UserId.Value.ShouldBe(id);
        person.Name.ShouldBe(new string('n', nameMax));
        person.Role.ShouldBe(Role.Owner);
        person.Active.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, "Ann")]
    [InlineData("", "Ann")]
    [InlineData("a\nb", "Ann")]
    [InlineData("ann", null)]
    [InlineData("ann", "  ")]
    [InlineData("ann", "A\0nn")]
    public void Create_MissingOrIllFormed_IsNobody(string? id, string? name) => PersonRules.Create(id, name, Role.Agent, NameMax).ShouldBeNull();

    [Fact]
    public void Create_OneTooLongOrIllFormed_IsNobody()
    {
        PersonRules.Create("a\uD834", "Ann", Role.Agent, NameMax).ShouldBeNull();
        PersonRules.Create(new string('i', 129), "Ann", Role.Agent, NameMax).ShouldBeNull();
        foreach (var nameMax in (int[])[1, 80, 200])
        {
            PersonRules.Create("ann", new string('n', nameMax + 1), Role.Agent, nameMax).ShouldBeNull();
            PersonRules.Create("ann", string.Concat(Enumerable.Repeat("\U0001F600", nameMax)), Role.Agent, nameMax).ShouldNotBeNull("scalars count, not code units");
        }
    }
}
