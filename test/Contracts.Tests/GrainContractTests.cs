using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests;

/// <summary>What crosses a process border is immutable, named for ever and numbered for ever, with either engine.</summary>
public sealed partial class GrainContractTests
{
    private static readonly Assembly GrainClasses = typeof(Grains.Conversations.IEventPublisher).Assembly;

    [Fact]
    public void Grains_AreFound()
    {
        GrainInterfaces.Length.ShouldBeGreaterThanOrEqualTo(4);
        Types.ShouldContain(typeof(SystemFact));
        Types.ShouldContain(typeof(ReadCursorMoved));
        Types.ShouldContain(typeof(Canary));
        Types.ShouldContain(typeof(StoreUnavailableException));
    }

    [Fact]
    public void Types_HaveALiteralAliasOfTheirOwn()
    {
        foreach (var type in Types.Concat(GrainInterfaces))
        {
            AliasOf(type).ShouldStartWith("chat.");
        }

        Types.Concat(GrainInterfaces).GroupBy(AliasOf).Where(group => group.Count() > 1).ShouldBeEmpty();
        foreach (var grain in GrainInterfaces)
        {
            grain.GetMethods().Select(AliasOf).ShouldBeUnique();
            grain.GetMethods().ShouldAllBe(method => AliasOf(method).Length > 0);
        }

        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src/Grains.Abstractions"), "*.cs", SearchOption.AllDirectories))
        {
            NotLiteral().Matches(File.ReadAllText(file)).ShouldBeEmpty($"{file}: a name made from code's names changes with them");
        }
    }

    [Fact]
    public void Types_AreSerializedByNumbersOfTheirOwn()
    {
        foreach (var type in Types)
        {
            type.GetCustomAttributes(inherit: false).ShouldContain(attribute => attribute is GenerateSerializerAttribute, type.Name);
            if (type.IsEnum)
            {
                Enum.GetUnderlyingType(type).ShouldBe(typeof(int));
                Enum.GetValues(type).Cast<int>().ShouldNotContain(0, $"{type.Name}: 0 is what a missing value reads as");
                continue;
            }

            var ids = OwnMembersOf(type).Select(member => (member.Name, Id: IdOf(member))).ToList();
            ids.ShouldAllBe(member => member.Id != null, $"a member of {type.Name} has no [Id]");
            ids.Select(member => member.Id).ShouldBeUnique($"{type.Name}: two members have one [Id]");
            type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(field => field.Name)
                .ShouldBe(OwnMembersOf(type).Select(member => FieldOf(member)!.Name), ignoreOrder: true, $"{type.Name} keeps what has no number");
        }
    }

    [Fact]
    public void Types_AreImmutable()
    {
        foreach (var type in Types.Where(type => !type.IsEnum))
        {
            (type.IsSealed || type.IsAbstract).ShouldBeTrue($"{type.Name} is neither sealed nor abstract");
            if (!IsException(type))
            {
                type.GetCustomAttributes(inherit: false).ShouldContain(attribute => attribute is ImmutableAttribute, type.Name);
            }

            if (type.IsValueType)
            {
                type.GetCustomAttribute<IsReadOnlyAttribute>().ShouldNotBeNull($"{type.Name} is a struct that is not readonly");
            }

            foreach (var member in OwnMembersOf(type))
            {
                (member.SetMethod is null || member.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
                    .ShouldBeTrue($"{type.Name}.{member.Name} can be set");
                IsImmutable(member.PropertyType).ShouldBeTrue($"{type.Name}.{member.Name} is a {member.PropertyType}, which can change");
            }
        }

        foreach (var method in Methods)
        {
            method.GetParameters().ShouldAllBe(parameter => parameter.ParameterType == typeof(CancellationToken) || IsImmutable(parameter.ParameterType), method.Name);
            IsImmutable(ResultOf(method)).ShouldBeTrue($"{method.Name} returns a {method.ReturnType}");
        }
    }

    [Fact]
    public void Grains_OfEveryInterface_HaveANameOfTheirOwn()
    {
        var classes = GrainInterfaces.ToDictionary(
            grain => grain, grain => GrainClasses.GetTypes().Where(type => type.IsClass && grain.IsAssignableFrom(type) && !type.IsAbstract).ToArray());
        classes.Values.ShouldAllBe(found => found.Length == 1);
        classes.Values.Select(found => NameOf(found[0])).ShouldBeUnique();
    }

    [Fact]
    public void Contracts_AreTheFrozenOnes()
    {
        var text = new StringBuilder();
        foreach (var grain in GrainInterfaces)
        {
            text.Append(AliasOf(grain)).Append('\n');
            foreach (var method in grain.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
            {
                var parameters = method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken));
                text.Append($"  {AliasOf(method)}({string.Join(", ", parameters.Select(parameter => Show(parameter.ParameterType)))}) {Show(method.ReturnType)}\n");
            }
        }

        foreach (var type in Types.OrderBy(AliasOf, StringComparer.Ordinal))
        {
            text.Append(AliasOf(type)).Append(type.BaseType is { } parent && Types.Contains(parent) ? $" : {AliasOf(parent)}" : string.Empty).Append('\n');
            foreach (var member in type.IsEnum
                ? Enum.GetValues(type).Cast<object>().Select(value => $"  {(int)value} {value}\n")
                : OwnMembersOf(type).OrderBy(IdOf).Select(member => $"  {IdOf(member)} {member.Name} {Show(member.PropertyType)}\n"))
            {
                text.Append(member);
            }
        }

        Repository.ShouldBeGolden(text.ToString(), "grain-contracts.txt");
    }

    /// <summary>The names under which a cluster's directory and its storage know the grains.</summary>
    [Fact]
    public void GrainTypes_AreTheFrozenOnes()
    {
        var grains = GrainClasses.GetTypes().Where(type => type.IsClass && !type.IsAbstract && typeof(IAddressable).IsAssignableFrom(type));
        var names = grains.Select(type => $"{NameOf(type)}: {string.Join(", ", type.GetInterfaces().Intersect(GrainInterfaces).Select(AliasOf))}\n");
        Repository.ShouldBeGolden(string.Concat(names.Order(StringComparer.Ordinal)), "grain-types.txt");
    }

    private static bool IsImmutable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan)
            || Types.Contains(type)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && IsImmutable(type.GetGenericArguments()[0]));
    }

    private static Type ResultOf(MethodInfo method) => method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(int);

    private static string NameOf(Type grain) =>
        (string)CustomAttributeData.GetCustomAttributes(grain).Single(attribute => attribute.AttributeType == typeof(GrainTypeAttribute))
            .ConstructorArguments[0].Value!;

    private static string Show(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Show(inner) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Show))}>"
        : type.Assembly == typeof(IConversationGrain).Assembly ? AliasOf(type)
        : type.Name;

    [GeneratedRegex(@"\bAlias\((?!"")")]
    private static partial Regex NotLiteral();
}
