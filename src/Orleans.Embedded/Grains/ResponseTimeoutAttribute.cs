using System.Globalization;

namespace Orleans;

/// <summary>How long callers of one grain interface method wait for its answer, instead of the host's default.</summary>
/// <param name="timeout">A <see cref="TimeSpan"/> in its invariant form, above zero, e.g. <c>00:00:05</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The time a caller waits.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
