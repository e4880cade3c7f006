using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansChat.Hosting;

/// <summary>Refuses options beyond their <see cref="RangeAttribute"/>, naming the option, its value and the bound.</summary>
public sealed class BoundsValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    private static readonly (PropertyInfo Option, RangeAttribute Bound)[] Bounds =
    [
        .. from option in typeof(TOptions).GetProperties()
           let bound = option.GetCustomAttribute<RangeAttribute>()
           where bound is not null
           select (option, bound),
    ];

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> failures = [];
        foreach (var (option, bound) in Bounds)
        {
            var value = option.GetValue(options);
            if (!bound.IsValid(value))
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{section}:{option.Name} is {value}; it must be between {bound.Minimum} and {bound.Maximum}."));
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

public static class BoundedOptions
{
    /// <summary>
    /// Options from their section of the configuration, within their bounds or no start. Once, however many parts of a program
    /// name them.
    /// </summary>
    public static void AddBoundedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        if (services.Any(service => service.ServiceType == typeof(IValidateOptions<TOptions>) && service.ImplementationInstance is BoundsValidator<TOptions>))
        {
            return;
        }

        services.AddOptions<TOptions>().Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section))).ValidateOnStart();
        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider =>
            new ConfigurationChangeTokenSource<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton<IValidateOptions<TOptions>>(new BoundsValidator<TOptions>(section));
    }

    /// <summary>What cannot be read as the option's kind is refused in one line like what is out of bounds.</summary>
    private static void Bind<TOptions>(TOptions options, IConfiguration section)
        where TOptions : class
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), [exception.Message]); // Names the setting and its value.
        }
    }
}
