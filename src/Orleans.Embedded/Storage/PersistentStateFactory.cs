using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.Storage;

/// <summary>Makes the argument for one constructor parameter with <see cref="PersistentStateAttribute"/>.</summary>
internal abstract class PersistentStateFactory
{
    internal const string DefaultStorageName = "Default";

    /// <summary>The type of the parameter.</summary>
    internal abstract Type StateType { get; }

    internal abstract IStorage Create(Activation activation);

    /// <exception cref="OrleansConfigurationException">The parameter is no persistent state.</exception>
    internal static PersistentStateFactory For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"The parameter {parameter.Name} of {parameter.Member.DeclaringType} has a [PersistentState] but is not of type IPersistentState<T>.");
        }

        return (PersistentStateFactory)Activator.CreateInstance(
            typeof(Of<>).MakeGenericType(type.GetGenericArguments()[0]), parameter.GetCustomAttribute<PersistentStateAttribute>())!;
    }

    private sealed class Of<TState>(PersistentStateAttribute attribute) : PersistentStateFactory
    {
        internal override Type StateType => typeof(IPersistentState<TState>);

        internal override IStorage Create(Activation activation)
        {
            var name = attribute.StorageName ?? DefaultStorageName;
            var storage = activation.ActivationServices.GetKeyedService<IGrainStorage>(name)
                ?? throw new OrleansConfigurationException($"No grain storage named \"{name}\" is registered for the state \"{attribute.StateName}\".");
            return new PersistentState<TState>(activation, attribute.StateName, storage);
        }
    }
}
