using System.Reflection;
using Orleans;

namespace OrleansChat.Orleans.Embedded.Tests;

/// <summary>What callers see under Orleans' names is a frozen list: each line was compared with Orleans' own API before it was added.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_UnderOrleansNames_IsTheFrozenList()
    {
        var actual = Describe().ToList();
        var frozen = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt"));
        actual.Except(frozen).ShouldBeEmpty("new: compare with Orleans, then add the line to PublicApi.txt");
        frozen.Except(actual).ShouldBeEmpty("gone: someone may use it");
    }

    private static IEnumerable<string> Describe() =>
        from type in typeof(Grain).Assembly.GetExportedTypes()
        where !type.Namespace!.StartsWith("Orleans.Embedded", StringComparison.Ordinal)
        orderby type.FullName
        from line in Describe(type)
        select line;

    private static IEnumerable<string> Describe(Type type)
    {
        var lines = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(IsVisible)
            .Where(static member => member is not Type and not FieldInfo { IsSpecialName: true })
            .Where(static member => member is not MethodInfo { IsSpecialName: true } method || method.Name.StartsWith("op_", StringComparison.Ordinal))
            .Select(member => $"{Name(type)} :: {member}")
            .Order(StringComparer.Ordinal);
        return lines.Prepend(Name(type));
    }

    private static string Name(Type type) => type.ToString();

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        _ => true,
    };
}
