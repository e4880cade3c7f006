using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class PersonRulesTests
{
    [Fact]
    public void Create_AtTheBounds_IsAPerson()
    {
        var id = new string('i', 128);
        var person = PersonRules.Create(id, $" {new string('n', 80)} ", Role.Owner).ShouldNotBeNull();

        person.UserId.Value.ShouldBe(id);
        person.Name.ShouldBe(new string('n', 80));
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
    public void Create_MissingOrIllFormed_IsNobody(string? id, string? name) => PersonRules.Create(id, name, Role.Agent).ShouldBeNull();

    [Fact]
    public void Create_OneTooLongOrIllFormed_IsNobody()
    {
        PersonRules.Create("a\uD834", "Ann", Role.Agent).ShouldBeNull();
        PersonRules.Create(new string('i', 129), "Ann", Role.Agent).ShouldBeNull();
        PersonRules.Create("ann", new string('n', 81), Role.Agent).ShouldBeNull();
    }
}
