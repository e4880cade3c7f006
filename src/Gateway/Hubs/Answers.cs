using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Makes refusals.</summary>
internal static class Answers
{
    internal static Answer Refused(string code, string message, TimeSpan? retryAfter = null) => new()
    {
        Error = new WireError
        {
            Code = code,
            Message = message,
            RetryAfterMs = retryAfter is { } pause ? (long)Math.Ceiling(pause.TotalMilliseconds) : null,
        },
    };

    internal static Answer Invalid(string message) => Refused(ErrorCodes.InvalidRequest, message);

    internal static Answer NotFound() => Refused(ErrorCodes.NotFound, "No such conversation.");
}
