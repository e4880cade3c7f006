using System.Collections.Immutable;
using System.Reflection;
using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>Makes values of any type that a grain takes or gives, and of what those hold.</summary>
internal abstract class ContractValues
{
    /// <summary>Of the instance: it keeps what it found without a lock, and tests run at the same time.</summary>
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>Always the same value, with no member as a new object has it.</summary>
    internal static object Full(Type type) => new FullValues().Of(type)!;

    /// <summary>Nothing but zeros, empty texts, empty arrays and nulls.</summary>
    internal static object Bare(Type type) => new BareValues().Of(type)!;

    /// <summary>A value by the seed, with a liking for bounds.</summary>
    internal static object Any(Type type, int seed) => new AnyValues(seed).Of(type)!;

    protected abstract object Simple(Type type);

    protected abstract int Length();

    /// <summary>Whether a value that may be missing is.</summary>
    protected abstract bool Missing();

    private object? Of(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Missing() ? null : Of(inner)
        : IsException(type) ? Activator.CreateInstance(type, Simple(typeof(string)), Missing() ? null : new TimeoutException("inner"))
        : type.IsGenericType ? ArrayOf(type.GetGenericArguments()[0])
        : Types.Contains(type) && !type.IsEnum ? Holding(type)
        : Simple(type);

    private object Holding(Type type)
    {
        if (type.IsAbstract)
        {
            var derived = ValueTypes.Where(derived => derived.IsSubclassOf(type)).ToArray();
            return Of(derived[Length() % derived.Length])!;
        }

        var value = Activator.CreateInstance(type)!;
        foreach (var member in MembersOf(type))
        {
            var nullable = _nullability.Create(member).ReadState == NullabilityState.Nullable;
            member.DeclaringType!.GetProperty(member.Name)!.SetValue(value, nullable && Missing() ? null : member.PropertyType == typeof(bool) ? Flag(member, value) : Of(member.PropertyType));
        }

        return value;
    }

    private object Flag(PropertyInfo member, object fresh) => this is FullValues ? !(bool)member.GetValue(fresh)! : Simple(typeof(bool));

    private object ArrayOf(Type type)
    {
        var items = Array.CreateInstance(type, Length());
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Of(type), i);
        }

        return typeof(ImmutableCollectionsMaker<>).MakeGenericType(type).GetMethod(nameof(ImmutableCollectionsMaker<>.Of))!.Invoke(null, [items])!;
    }

    private static class ImmutableCollectionsMaker<T>
    {
        public static ImmutableArray<T> Of(T[] items) => [.. items];
    }

    private sealed class FullValues : ContractValues
    {
        private int _count;

        protected override int Length() => 2;

        protected override bool Missing() => false;

        protected override object Simple(Type type)
        {
            var number = ++_count;
            return type switch
            {
                _ when type == typeof(string) => $"text {number} \u00e9\u6f22\U0001F600",
                _ when type == typeof(long) => (number * 10_000_000_000L) + 1,
                _ when type == typeof(int) => (number * 1_000) + 1,
                _ when type == typeof(bool) => true,
                _ when type == typeof(Guid) => new Guid(number, 0x1234, 0x7abc, 0x80, 1, 2, 3, 4, 5, 6, 7),
                _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(2)).AddSeconds(number).AddTicks(1_234_567),
                _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(number * 12_345_678L),
                _ when type.IsEnum => Enum.GetValues(type).Cast<object>().Last(),
                _ => throw new NotSupportedException($"No value of {type} is known."),
            };
        }
    }

    private sealed class BareValues : ContractValues
    {
        protected override int Length() => 0;

        protected override bool Missing() => true;

        protected override object Simple(Type type) => type == typeof(string) ? string.Empty : Activator.CreateInstance(type)!;
    }

    private sealed class AnyValues(int seed) : ContractValues
    {
        private static readonly string[] Texts =
            ["", " ", "a", "\0", "line\nline", "\u202e", "e\u0301", "\U0001F469\u200D\U0001F4BB", new('x', 300), string.Concat(Enumerable.Repeat("\u6f22", 5_000))];

        private readonly Random _random = new(seed);

        protected override int Length() => _random.Next(4);

        protected override bool Missing() => _random.Next(3) == 0;

        protected override object Simple(Type type) => type switch
        {
            _ when type == typeof(string) => OneOf(Texts),
            _ when type == typeof(long) => OneOf(0, 1, -1, long.MaxValue, long.MinValue, int.MaxValue, _random.NextInt64()),
            _ when type == typeof(int) => OneOf(0, 1, -1, int.MaxValue, int.MinValue, _random.Next()),
            _ when type == typeof(bool) => _random.Next(2) == 0,
            _ when type == typeof(Guid) => OneOf(Guid.Empty, Guid.AllBitsSet, new Guid(_random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
            _ when type == typeof(DateTimeOffset) => OneOf(
                DateTimeOffset.MinValue,
                DateTimeOffset.MaxValue,
                new DateTimeOffset(_random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(_random.Next(-840, 841)))),
            _ when type == typeof(TimeSpan) => OneOf(TimeSpan.Zero, TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromTicks(_random.NextInt64())),
            _ when type.IsEnum => OneOf([.. Enum.GetValues(type).Cast<object>()]),
            _ => throw new NotSupportedException($"No value of {type} is known."),
        };

        private T OneOf<T>(params T[] values) => values[_random.Next(values.Length)];
    }
}
