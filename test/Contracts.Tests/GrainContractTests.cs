using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using OrleansChat.Conversations;
using OrleansChat.Inbox;

namespace OrleansChat.Contracts.Tests;

/// <summary>What crosses a process border is immutable, named for ever and numbered for ever, with either engine.</summary>
public sealed class GrainContractTests
{
    private static readonly Assembly Abstractions = typeof(IConversationGrain).Assembly;

    private static readonly ImmutableArray<Type> Grains =
        [.. Abstractions.GetExportedTypes().Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Every type of ours in a grain method or a stream, and what those hold.</summary>
    private static readonly ImmutableArray<Type> Contracts = Reach();

    [Fact]
    public void Grains_AreFound()
    {
        Grains.Length.ShouldBeGreaterThanOrEqualTo(4);
        Contracts.ShouldContain(typeof(SystemFact));
        Contracts.ShouldContain(typeof(ReadCursorMoved));
    }

    [Fact]
    public void Types_HaveALiteralAliasOfTheirOwn()
    {
        foreach (var type in Contracts.Concat(Grains))
        {
            AliasOf(type).ShouldStartWith("chat.");
        }

        Contracts.Concat(Grains).GroupBy(AliasOf).Where(group => group.Count() > 1).ShouldBeEmpty();
        foreach (var grain in Grains)
        {
            grain.GetMethods().Select(AliasOf).ShouldBeUnique();
            grain.GetMethods().ShouldAllBe(method => AliasOf(method).Length > 0);
        }
    }

    [Fact]
    public void Types_AreSerializedByNumbersOfTheirOwn()
    {
        foreach (var type in Contracts)
        {
            type.GetCustomAttributes().ShouldContain(attribute => attribute is GenerateSerializerAttribute, type.Name);
            if (type.IsEnum)
            {
                Enum.GetUnderlyingType(type).ShouldBe(typeof(int));
                Enum.GetValues(type).Cast<int>().ShouldNotContain(0, $"{type.Name}: 0 is what a missing value reads as");
                continue;
            }

            var ids = MembersOf(type).Select(member => (member.Name, Id: IdOf(member))).ToList();
            ids.ShouldAllBe(member => member.Id != null, $"a member of {type.Name} has no [Id]");
            ids.Select(member => member.Id).ShouldBeUnique($"{type.Name}: two members have one [Id]");
        }
    }

    [Fact]
    public void Types_AreImmutable()
    {
        foreach (var type in Contracts.Where(type => !type.IsEnum))
        {
            type.GetCustomAttributes().ShouldContain(attribute => attribute is ImmutableAttribute, type.Name);
            (type.IsSealed || type.IsAbstract).ShouldBeTrue($"{type.Name} is neither sealed nor abstract");
            if (type.IsValueType)
            {
                type.GetCustomAttribute<IsReadOnlyAttribute>().ShouldNotBeNull($"{type.Name} is a struct that is not readonly");
            }

            type.GetFields(BindingFlags.Public | BindingFlags.Instance).ShouldBeEmpty(type.Name);
            foreach (var member in MembersOf(type))
            {
                (member.SetMethod is null || member.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
                    .ShouldBeTrue($"{type.Name}.{member.Name} can be set");
                IsImmutable(member.PropertyType).ShouldBeTrue($"{type.Name}.{member.Name} is a {member.PropertyType}, which can change");
            }
        }
    }

    [Fact]
    public void Contracts_AreTheFrozenOnes()
    {
        var text = new StringBuilder();
        foreach (var grain in Grains)
        {
            text.Append(AliasOf(grain)).Append('\n');
            foreach (var method in grain.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
            {
                var parameters = method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken));
                text.Append($"  {AliasOf(method)}({string.Join(", ", parameters.Select(parameter => Show(parameter.ParameterType)))}) {Show(method.ReturnType)}\n");
            }
        }

        foreach (var type in Contracts.OrderBy(AliasOf, StringComparer.Ordinal))
        {
            text.Append(AliasOf(type)).Append(type.BaseType is { } parent && Contracts.Contains(parent) ? $" : {AliasOf(parent)}" : string.Empty).Append('\n');
            foreach (var member in type.IsEnum
                ? Enum.GetValues(type).Cast<object>().Select(value => $"  {(int)value} {value}\n")
                : MembersOf(type).OrderBy(IdOf).Select(member => $"  {IdOf(member)} {member.Name} {Show(member.PropertyType)}\n"))
            {
                text.Append(member);
            }
        }

        Repository.ShouldBeGolden(text.ToString(), "grain-contracts.txt");
    }

    private static ImmutableArray<Type> Reach()
    {
        var reached = new HashSet<Type>();
        var open = new Queue<Type>(
        [
            typeof(ConversationAppended), typeof(TenantSignal),
            .. Grains.SelectMany(grain => grain.GetMethods()).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        ]);
        while (open.TryDequeue(out var type))
        {
            foreach (var inner in type.IsGenericType ? type.GetGenericArguments() : type.IsArray ? [type.GetElementType()!] : Type.EmptyTypes)
            {
                open.Enqueue(inner);
            }

            if (type.Assembly == Abstractions && !type.IsGenericType && reached.Add(type))
            {
                foreach (var next in MembersOf(type).Select(member => member.PropertyType).Concat(Abstractions.GetExportedTypes().Where(derived => derived.BaseType == type)))
                {
                    open.Enqueue(next);
                }
            }
        }

        return [.. reached.OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    /// <summary>What is stored of a type; what it computes is not.</summary>
    private static IEnumerable<PropertyInfo> MembersOf(Type type) => type.IsEnum
        ? []
        : type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member.Name != "EqualityContract" && HasBackingField(member));

    private static bool HasBackingField(PropertyInfo member) =>
        member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false).ShouldNotBeNull($"{member} has no [Alias]").Alias;

    private static bool IsImmutable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan)
            || Contracts.Contains(type)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && IsImmutable(type.GetGenericArguments()[0]));
    }

    private static string Show(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Show(inner) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Show))}>"
        : type.Assembly == Abstractions ? AliasOf(type)
        : type.Name;
}
