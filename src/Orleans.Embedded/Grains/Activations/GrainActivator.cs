using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Embedded.Storage;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains.Activations;

/// <summary>Makes grain objects of one class: constructor arguments come from the activation's services, persistent states from their storage.</summary>
internal sealed class GrainActivator
{
    private readonly ObjectFactory _construct;
    private readonly PersistentStateFactory[] _states;

    internal GrainActivator(Type grainClass)
    {
        _states =
        [
            .. ChooseConstructor(grainClass).GetParameters()
                .Where(static parameter => parameter.IsDefined(typeof(PersistentStateAttribute)))
                .Select(PersistentStateFactory.For),
        ];
        _construct = ActivatorUtilities.CreateFactory(grainClass, [.. _states.Select(static state => state.StateType)]);
    }

    internal bool ReadsStates => _states.Length > 0;

    internal ConstructedGrain Construct(Activation activation)
    {
        if (_states.Length == 0)
            return new((Grain)_construct(activation.ActivationServices, null), []);
        var states = new IStorage[_states.Length];
        for (var i = 0; i < states.Length; i++)
            states[i] = _states[i].Create(activation);
        return new((Grain)_construct(activation.ActivationServices, states), states);
    }

    internal static ConstructorInfo ChooseConstructor(Type grainClass)
    {
        var constructors = grainClass.GetConstructors();
        return constructors.FirstOrDefault(static constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(static constructor => constructor.GetParameters().Length)
            ?? throw new InvalidOperationException($"{grainClass} has no public constructor.");
    }
}

/// <summary>A grain object and the states that must be read before it is activated.</summary>
internal readonly record struct ConstructedGrain(Grain Grain, IReadOnlyList<IStorage> States);
