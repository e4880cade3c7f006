using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>
/// What earlier versions wrote is still read. Each type has payloads in <c>test/golden/payloads</c>, named by its alias and
/// a number, and beside each the value it stands for.
/// </summary>
/// <remarks>
/// These files are only ever added: one for a new type, another for a type that has gained a member. <c>REWRITE_GOLDEN=1</c>
/// writes what is missing and touches no file that is there. A payload that is not read any more, or as something else, is a
/// break of the contract: silos and gateways of two versions run side by side during every upgrade. A type that is retired
/// keeps its files, and its code, as long as a version that sends it may run.
/// </remarks>
public sealed class GoldenPayloadTests
{
    private static readonly string Folder = Repository.PathOf("test/golden/payloads");

    public static TheoryData<string> Contracts => [.. ValueTypes.Select(AliasOf)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_HasGoldenPayloads_WithEveryMember(string alias)
    {
        var type = ValueTypes.Single(type => AliasOf(type) == alias);
        if (Repository.Rewrites && !IsCovered(type))
        {
            var path = Path.Combine(Folder, $"{alias}.{PayloadsOf(alias).Length + 1}");
            var value = ContractValues.Full(type);
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(path + ".bin", Payload.Of(value));
            File.WriteAllText(path + ".txt", ContractText.OfWhatIsSet(value));
        }

        IsCovered(type).ShouldBeTrue($"{alias} is new or has a new member: run once with REWRITE_GOLDEN=1 and review the files that are added.");
    }

    [Fact]
    public void GoldenPayloads_AreReadAsTheValuesTheyWere()
    {
        var payloads = Directory.GetFiles(Folder, "*.bin");
        payloads.ShouldNotBeEmpty();
        foreach (var path in payloads)
        {
            var expected = File.ReadAllText(Path.ChangeExtension(path, ".txt"));
            ContractText.OfWhatIsSet(Payload.Read(File.ReadAllBytes(path))).ShouldBe(expected, path);
            Path.GetFileName(path).ShouldStartWith(expected.Split('\n', ' ')[0] + ".");
        }
    }

    [Fact]
    public void GoldenPayloads_AreNotMissing()
    {
        // A number is missing where a file was removed.
        foreach (var alias in ValueTypes.Select(AliasOf))
        {
            var payloads = PayloadsOf(alias);
            payloads.ShouldBe(Enumerable.Range(1, payloads.Length).Select(number => Path.Combine(Folder, $"{alias}.{number}.bin")));
        }
    }

    private static bool IsCovered(Type type)
    {
        var values = PayloadsOf(AliasOf(type)).Select(path => Payload.Read(File.ReadAllBytes(path))).ToArray();
        return values.Length > 0 && MembersOf(type).All(member => values.Any(value => ContractText.IsSet(member, value)));
    }

    private static string[] PayloadsOf(string alias) => Directory.Exists(Folder)
        ? [.. Directory.GetFiles(Folder, alias + ".*.bin").OrderBy(path => int.Parse(path.Split('.')[^2]))]
        : [];
}
