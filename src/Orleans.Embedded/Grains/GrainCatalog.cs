using System.Reflection;
using Orleans.Concurrency;
using Orleans.Embedded.Grains.Activations;
using Orleans.Embedded.Grains.Calls;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains;

/// <summary>The grain classes that a host was told of, checked as a whole before it starts.</summary>
internal sealed class GrainCatalog
{
    private readonly HashSet<Type> _classes = [];

    internal void Add(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            if (type is { IsClass: true, IsAbstract: false } && typeof(Grain).IsAssignableFrom(type))
                _classes.Add(type);
        }
    }

    internal void Add(Type grainClass) => _classes.Add(grainClass);

    /// <summary>Describes every class.</summary>
    /// <exception cref="OrleansConfigurationException">Some are not sound; all faults are named.</exception>
    internal IReadOnlyList<GrainClassDescription> Describe()
    {
        var faults = new List<string>();
        var descriptions = _classes.OrderBy(static type => type.FullName, StringComparer.Ordinal).Select(Describe).ToList();
        foreach (var description in descriptions)
            faults.AddRange(FaultsOf(description));
        foreach (var grainInterface in descriptions.SelectMany(static description => description.Interfaces).Distinct())
            faults.AddRange(GrainInterfaceRules.FaultsOf(grainInterface));
        foreach (var sameName in descriptions.GroupBy(static description => description.TypeName).Where(static group => group.Count() > 1))
            faults.Add($"The grain type \"{sameName.Key}\" names more than one class: {ListOf(sameName)}.");
        foreach (var group in descriptions
            .SelectMany(static description => description.Interfaces.Select(type => (Interface: type, description)))
            .GroupBy(static pair => pair.Interface, static pair => pair.description)
            .Where(static group => group.Count() > 1 && !IsSharedBase(group.Key, group)))
        {
            faults.Add($"{group.Key} is implemented by more than one grain class: {ListOf(group)}.");
        }

        if (faults.Count > 0)
            throw new OrleansConfigurationException($"The grains cannot be hosted:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", faults)}");
        return descriptions;
    }

    /// <summary>An interface that others derive from may have many implementations; it just cannot be asked for by itself.</summary>
    internal static bool IsSharedBase(Type grainInterface, IEnumerable<GrainClassDescription> classes) =>
        classes.All(description => description.Interfaces.Any(other => other != grainInterface && grainInterface.IsAssignableFrom(other)));

    private static GrainClassDescription Describe(Type grainClass) => new()
    {
        ClassType = grainClass,
        TypeName = grainClass.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? DefaultName(grainClass),
        Interfaces = [.. grainClass.GetInterfaces().Where(GrainInterfaceRules.IsGrainInterface)],
        IsReentrant = grainClass.IsDefined(typeof(ReentrantAttribute)),
        OverridesOnActivate = Overrides(grainClass, nameof(Grain.OnActivateAsync)),
        OverridesOnDeactivate = Overrides(grainClass, nameof(Grain.OnDeactivateAsync)),
        WorkersMax = grainClass.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0,
    };

    private static bool Overrides(Type grainClass, string method) =>
        typeof(IGrainBase).IsAssignableFrom(grainClass) && grainClass.GetMethod(method)?.DeclaringType != typeof(Grain);

    private static IEnumerable<string> FaultsOf(GrainClassDescription description)
    {
        var type = description.ClassType;
        if (type.ContainsGenericParameters)
            yield return $"{type} is generic; a grain class must not be.";
        if (type.GetConstructors().Length == 0)
            yield return $"{type} has no public constructor.";
        if (description.Interfaces.Count == 0)
            yield return $"{type} implements no grain interface.";
        if (string.IsNullOrWhiteSpace(description.TypeName))
            yield return $"{type} has a blank grain type.";
    }

    private static string DefaultName(Type grainClass)
    {
        const string suffix = "grain";
        var name = grainClass.Name.ToLowerInvariant();
        return name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
    }

    private static string ListOf(IEnumerable<GrainClassDescription> descriptions) =>
        string.Join(", ", descriptions.Select(static description => description.ClassType.FullName));
}
