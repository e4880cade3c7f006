using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>What the attributes of one grain interface method say. The same for every host in the process.</summary>
internal sealed class CallMethod
{
    internal CallMethod(MethodInfo method)
    {
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        IsAlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
    }

    /// <summary><c>Interface.Method</c>, for people.</summary>
    internal string Name { get; }

    internal bool IsAlwaysInterleave { get; }

    internal bool IsReadOnly { get; }

    internal bool IsOneWay { get; }

    /// <summary>The method's own timeout; null means the host's.</summary>
    internal TimeSpan? ResponseTimeout { get; }
}
