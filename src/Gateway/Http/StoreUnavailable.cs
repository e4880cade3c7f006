using OrleansChat.Conversations;

namespace OrleansChat.Gateway.Http;

/// <summary>While the store or a grain does not answer, HTTP says so, and when to come back.</summary>
internal static class StoreUnavailable
{
    private const string RetryAfterSeconds = "1";

    internal static void UseStoreUnavailable(this WebApplication app) => app.Use(static async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
    });
}
