using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class PeopleSearchTests
{
    private static readonly PeopleSearch Search = new(
    [
        Person("u1", "Anna"),
        Person("u2", "Annabel Lee"),
        Person("u3", "Bea Anna Maria"),
        Person("u4", "Abianna"),
        Person("u5", "Zoë Müller-Ångström"),
        Person("anna.k", "Karl"),
        Person("u7", "Gwen O'Neill"),
        Person("u8", "Anna Gone") with { Active = false },
    ]);

    [Fact]
    [Rule("L4")]
    public void Find_ByName_RanksExactPrefixWordPrefixInner() =>
        Names("anna", 20).ShouldBe(["Anna", "Annabel Lee", "Karl", "Bea Anna Maria", "Abianna"]);

    [Theory]
    [Rule("N2")]
    [InlineData("zoe")]
    [InlineData("ZOE\u0308")]
    [InlineData("MULLER")]
    [InlineData("m\u00FCl")]
    [InlineData("angstrom")]
    [InlineData("  zo\u00CB  ")]
    public void Find_AnyCaseAndAccents_FindsTheName(string text) => Names(text, 20).ShouldBe(["Zoë Müller-Ångström"]);

    [Theory]
    [InlineData("neill", "Gwen O'Neill")]
    [InlineData("o'n", "Gwen O'Neill")]
    [InlineData("u7", "Gwen O'Neill")]
    [InlineData("k", "Karl")]
    public void Find_WordOrId_FindsIt(string text, string expected) => Names(text, 20)[0].ShouldBe(expected);

    [Fact]
    public void Find_Nothing_FindsEverybodyActiveByName() =>
        Names(" ", 20).ShouldBe(["Abianna", "Anna", "Annabel Lee", "Bea Anna Maria", "Gwen O'Neill", "Karl", "Zoë Müller-Ångström"]);

    [Fact]
    public void Find_MoreThanTheLimit_GivesTheBest() => Names("anna", 2).ShouldBe(["Anna", "Annabel Lee"]);

    [Theory]
    [InlineData("nobody")]
    [InlineData("gone")]
    public void Find_UnknownOrInactive_FindsNobody(string text) => Names(text, 20).ShouldBeEmpty();

    [Fact]
    public void Find_LoneSurrogate_FindsNobody()
    {
        Names("\uD834", 20).ShouldBeEmpty();
        Names("anna\uDD1E", 20).ShouldBeEmpty();
    }

    private static string[] Names(string text, int limit) => [.. Search.Find(text, limit).Select(person => person.Name)];

    private static Person Person(string id, string name) => new() { UserId = UserId.Of(id), Name = name, Role = Role.Agent };
}
