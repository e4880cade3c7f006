using System.Collections.Immutable;
using System.Reflection;
using OrleansChat.Conversations;

namespace OrleansChat.Contracts.Tests;

/// <summary>The grain interfaces, and every type of ours that crosses a process border between grains and their callers.</summary>
internal static class GrainContracts
{
    private static readonly Assembly Abstractions = typeof(IConversationGrain).Assembly;

    internal static ImmutableArray<Type> GrainInterfaces { get; } = Ordered(
        Abstractions.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)));

    internal static ImmutableArray<MethodInfo> Methods { get; } = [.. GrainInterfaces.SelectMany(grain => grain.GetMethods())];

    /// <summary>
    /// What stands in a grain's method, whatever says of itself that it is serialized (events have no method that names
    /// them), and what those hold.
    /// </summary>
    internal static ImmutableArray<Type> Types { get; } = Reach();

    /// <summary>The types of which values are made: no abstract ones.</summary>
    internal static ImmutableArray<Type> ValueTypes { get; } = [.. Types.Where(type => !type.IsAbstract)];

    internal static bool IsException(Type type) => typeof(Exception).IsAssignableFrom(type);

    /// <summary>What is stored of a type, not of its base; what it computes is not.</summary>
    internal static IEnumerable<PropertyInfo> OwnMembersOf(Type type) => type.IsEnum
        ? []
        : type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => FieldOf(member) is not null);

    /// <summary>What is stored of a type and its bases among the contracts; the base's first.</summary>
    internal static IEnumerable<PropertyInfo> MembersOf(Type type) =>
        (type.BaseType is { } parent && Types.Contains(parent) ? MembersOf(parent) : []).Concat(OwnMembersOf(type).OrderBy(IdOf));

    internal static FieldInfo? FieldOf(PropertyInfo member) =>
        member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance);

    internal static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;

    internal static string AliasOf(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>(inherit: false).ShouldNotBeNull($"{member} has no [Alias]").Alias;

    private static ImmutableArray<Type> Reach()
    {
        var reached = new HashSet<Type>();
        var open = new Queue<Type>(
        [
            .. Abstractions.GetTypes().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)),
            .. Abstractions.GetTypes().Where(IsException),
            .. Methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        ]);
        while (open.TryDequeue(out var type))
        {
            foreach (var inner in type.IsGenericType ? type.GetGenericArguments() : type.IsArray ? [type.GetElementType()!] : Type.EmptyTypes)
            {
                open.Enqueue(inner);
            }

            if (type.Assembly == Abstractions && !type.IsInterface && !type.IsGenericType && reached.Add(type))
            {
                foreach (var next in OwnMembersOf(type).Select(member => member.PropertyType)
                    .Concat(Abstractions.GetTypes().Where(derived => derived.BaseType == type))
                    .Append(type.BaseType!))
                {
                    open.Enqueue(next);
                }
            }
        }

        return Ordered(reached);
    }

    private static ImmutableArray<Type> Ordered(IEnumerable<Type> types) => [.. types.OrderBy(type => type.Name, StringComparer.Ordinal)];
}
