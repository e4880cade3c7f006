using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>What a grain interface must look like so that calls can be made through it.</summary>
internal static class GrainInterfaceRules
{
    internal static bool IsGrainInterface(Type type) =>
        type.IsInterface && typeof(IGrain).IsAssignableFrom(type) && type != typeof(IGrain) && type != typeof(IGrainWithStringKey);

    /// <summary>The methods of an interface and of those it derives from.</summary>
    internal static IEnumerable<MethodInfo> MethodsOf(Type grainInterface) =>
        grainInterface.GetInterfaces().Prepend(grainInterface).SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance));

    /// <summary>Every fault of an interface, as sentences that name it.</summary>
    internal static IEnumerable<string> FaultsOf(Type grainInterface)
    {
        if (grainInterface.IsGenericType)
            yield return $"{grainInterface} is generic; a grain interface must not be.";
        if (!typeof(IGrainWithStringKey).IsAssignableFrom(grainInterface))
            yield return $"{grainInterface} does not derive from {nameof(IGrainWithStringKey)}, the only kind of key this engine knows.";
        foreach (var method in MethodsOf(grainInterface))
        {
            foreach (var fault in FaultsOf(method))
                yield return $"{grainInterface}.{method.Name} {fault}";
        }
    }

    private static IEnumerable<string> FaultsOf(MethodInfo method)
    {
        if (method.IsSpecialName)
        {
            yield return "belongs to a property or event; a grain interface has methods only.";
            yield break;
        }

        if (!method.IsAbstract)
            yield return "has a body in the interface; it would run at the caller.";
        if (method.IsGenericMethodDefinition)
            yield return "is generic; a grain method must not be.";
        if (!ReturnsATask(method.ReturnType))
            yield return $"returns {method.ReturnType.Name}; a grain method returns Task, Task<T>, ValueTask or ValueTask<T>.";
        else if (method.IsDefined(typeof(OneWayAttribute)) && method.ReturnType.IsGenericType)
            yield return "is one-way and promises a result that nobody waits for.";
        if (Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType.IsByRef))
            yield return "has a ref, in or out parameter.";
        if (Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer))
            yield return "has a parameter that cannot leave the stack.";
        if (method.GetParameters().Count(static parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
            yield return "has more than one CancellationToken.";
        var timeout = TimeoutFault(method);
        if (timeout is not null)
            yield return timeout;
    }

    private static string? TimeoutFault(MethodInfo method)
    {
        try
        {
            return method.GetCustomAttribute<ResponseTimeoutAttribute>() is { Timeout: var timeout } && !(timeout > TimeSpan.Zero)
                ? $"has the response timeout {timeout}; it must be above zero."
                : null;
        }
        catch (FormatException exception)
        {
            return $"has a response timeout that is no time: {exception.Message}";
        }
    }

    private static bool ReturnsATask(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
            return true;
        return type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>));
    }
}
