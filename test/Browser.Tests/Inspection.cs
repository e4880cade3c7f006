namespace OrleansChat.Browser.Tests;

/// <summary>Somebody goes through the views of a page: each is kept as a picture, and what axe finds wrong with it is noted.</summary>
internal sealed class Inspection(Person person, string look)
{
    private readonly List<string> _violations = [];

    internal IReadOnlyList<string> Violations => _violations;

    internal async Task LookAsync(string view)
    {
        await person.LooksAsync($"{view}-{look}");
        _violations.AddRange((await Axe.ViolationsAsync(person)).Select(violation => $"{view}: {violation}"));
    }
}
