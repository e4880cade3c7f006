using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansChat.Grains.Conversations;

namespace OrleansChat.Grains.Hosting;

/// <summary>What the grains need, whichever host they live in.</summary>
public static class GrainsServices
{
    /// <summary>Adds the options and services of the grains. The store is added by the host.</summary>
    public static IServiceCollection AddChatGrains(this IServiceCollection services)
    {
        services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ConversationOptions>, ConversationBounds>();
        services.AddSingleton<IEventPublisher, StreamEventPublisher>();
        return services;
    }

    /// <summary>Refuses options beyond their <see cref="RangeAttribute"/>, naming the option, its value and the bound.</summary>
    private sealed class ConversationBounds : IValidateOptions<ConversationOptions>
    {
        public ValidateOptionsResult Validate(string? name, ConversationOptions options)
        {
            string[] failures =
            [
                .. from option in typeof(ConversationOptions).GetProperties()
                   let bound = option.GetCustomAttribute<RangeAttribute>()
                   let value = option.GetValue(options)
                   where bound is not null && !bound.IsValid(value)
                   select string.Create(
                       CultureInfo.InvariantCulture,
                       $"{ConversationOptions.Section}:{option.Name} is {value}; it must be between {bound.Minimum} and {bound.Maximum}."),
            ];
            return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
