using OrleansChat.Gateway.Fanout;

namespace OrleansChat.Gateway.Http;

/// <summary>While the store, a silo or a grain does not answer, HTTP says so, and when to come back.</summary>
internal static partial class StoreUnavailable
{
    private const string RetryAfterSeconds = "1";

    internal static void UseStoreUnavailable(this WebApplication app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (GrainFailures.IsPassing(exception) && !context.Response.HasStarted)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                return; // Nobody waits.
            }

            LogUnanswered(app.Logger, GrainFailures.ReasonOf(exception), context.TraceIdentifier);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
    });

    [LoggerMessage(5305, LogLevel.Warning, "An HTTP request was not answered: {Reason} ({TraceId}).")]
    private static partial void LogUnanswered(ILogger logger, string reason, string traceId);
}
