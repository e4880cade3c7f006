using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Says of a hub method which bucket its calls are taken from. A method without it cannot be called.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LimitedAttribute(CallKind kind) : Attribute
{
    public CallKind Kind => kind;
}

/// <summary>Around every hub method: rate, deadline, and the answers for what went wrong on the way.</summary>
internal sealed partial class CallFilter(
    CallRates rates, IOptions<CallLimitOptions> limits, TimeProvider time, GatewayInstruments instruments, ILogger<CallFilter> logger) : IHubFilter
{
    private readonly LinePace _unansweredPace = new(time);

    private static readonly FrozenDictionary<string, CallKind> Kinds = typeof(ChatHub)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(method => (method.Name, Limited: method.GetCustomAttribute<LimitedAttribute>()))
        .Where(method => method.Limited is not null)
        .ToFrozenDictionary(method => method.Name, method => method.Limited!.Kind, StringComparer.Ordinal);

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var began = time.GetTimestamp();
        var answer = await AnswerAsync(invocationContext, next);
        instruments.OnCallAnswered(invocationContext.HubMethodName, answer.Ok, time.GetElapsedTime(began));
        return answer;
    }

    private async ValueTask<Answer> AnswerAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var session = context.Context.Features.GetRequiredFeature<Session>();
        if (rates.TryTake(session.Caller, Kinds[context.HubMethodName]) is { } pause)
        {
            return Answers.Refused(ErrorCodes.RateLimited, "Too many calls.", pause);
        }

        if (context.HubMethodArguments is [null])
        {
            return Answers.Invalid("The method takes one object.");
        }

        try
        {
            return (Answer)(await next(context).AsTask().WaitAsync(limits.Value.CallTimeout, time))!;
        }
        catch (OperationCanceledException) when (context.Context.ConnectionAborted.IsCancellationRequested)
        {
            return Answers.Refused(ErrorCodes.Timeout, "The connection ended.");
        }
        catch (Exception exception) when (GrainFailures.IsPassing(exception))
        {
            if (_unansweredPace.TryTake(out var others))
            {
                Log.CallUnanswered(logger, context.HubMethodName, session.Caller.TenantId, session.Caller.UserId, GrainFailures.ReasonOf(exception), others);
            }

            return Refused(exception, GrainFailures.RetryPause());
        }
        catch (Exception exception)
        {
            // A defect: the caller learns that the outcome is unknown, the operator the rest.
            Log.CallFailed(logger, context.HubMethodName, session.Caller.TenantId, session.Caller.UserId, exception);
            return Answers.Refused(ErrorCodes.Timeout, "The call failed; its outcome is unknown.", GrainFailures.RetryPause());
        }
    }

    private static Answer Refused(Exception exception, TimeSpan pause) => exception switch
    {
        _ when GrainFailures.IsOverload(exception) => Answers.Refused(ErrorCodes.Overloaded, "Too much is waiting.", pause),
        TimeoutException => Answers.Refused(ErrorCodes.Timeout, "No answer in time.", pause),
        StoreUnavailableException => Answers.Refused(ErrorCodes.Unavailable, "The store does not answer.", pause),
        _ => Answers.Refused(ErrorCodes.Unavailable, "The chat's servers do not answer.", pause),
    };

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Error, "{Method} of {TenantId} {UserId} failed.")]
        internal static partial void CallFailed(
            ILogger logger, string method, Identity.TenantId tenantId, Identity.UserId userId, Exception exception);

        [LoggerMessage(5202, LogLevel.Warning, "{Method} of {TenantId} {UserId} was not answered: {Reason}; {Others} others since the last line like this.")]
        internal static partial void CallUnanswered(
            ILogger logger, string method, Identity.TenantId tenantId, Identity.UserId userId, string reason, int others);
    }
}
