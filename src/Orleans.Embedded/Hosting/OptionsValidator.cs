using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Embedded.Hosting;

/// <summary>Refuses options a host could not keep; each message names the option, its value and the bound.</summary>
internal sealed class OptionsValidator : IValidateOptions<GrainCollectionOptions>, IValidateOptions<SiloMessagingOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
    {
        var faults = new List<string>();
        Positive(faults, nameof(options.CollectionQuantum), options.CollectionQuantum);
        Positive(faults, nameof(options.ActivationTimeout), options.ActivationTimeout);
        Positive(faults, nameof(options.DeactivationTimeout), options.DeactivationTimeout);
        Above(faults, nameof(options.CollectionAge), options.CollectionAge, options.CollectionQuantum);
        foreach (var (grainClass, age) in options.ClassSpecificCollectionAge)
            Above(faults, $"{nameof(options.ClassSpecificCollectionAge)}[{grainClass}]", age, options.CollectionQuantum);
        return Result(faults);
    }

    public ValidateOptionsResult Validate(string? name, SiloMessagingOptions options)
    {
        var faults = new List<string>();
        if (options.ResponseTimeout != Timeout.InfiniteTimeSpan)
            Positive(faults, nameof(options.ResponseTimeout), options.ResponseTimeout);
        NotNegative(faults, nameof(options.MaxEnqueuedRequestsHardLimit), options.MaxEnqueuedRequestsHardLimit);
        NotNegative(faults, nameof(options.MaxEnqueuedRequestsHardLimit_StatelessWorker), options.MaxEnqueuedRequestsHardLimit_StatelessWorker);
        return Result(faults);
    }

    private static void Positive(List<string> faults, string option, TimeSpan value)
    {
        if (value <= TimeSpan.Zero)
            faults.Add($"{option} is {value}; it must be above zero.");
    }

    private static void NotNegative(List<string> faults, string option, int value)
    {
        if (value < 0)
            faults.Add($"{option} is {value}; it must be 0 (no limit) or above.");
    }

    private static void Above(List<string> faults, string option, TimeSpan value, TimeSpan quantum)
    {
        if (value <= quantum)
            faults.Add($"{option} is {value}; it must be above {nameof(GrainCollectionOptions.CollectionQuantum)}, which is {quantum}.");
    }

    private static ValidateOptionsResult Result(List<string> faults) =>
        faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
}
