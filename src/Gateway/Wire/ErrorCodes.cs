namespace OrleansChat.Gateway.Wire;

/// <summary>The error codes of hub methods; literals, never renamed.</summary>
internal static class ErrorCodes
{
    public const string InvalidRequest = "invalidRequest";
    public const string NotFound = "notFound";
    public const string TextEmpty = "textEmpty";
    public const string TextTooLong = "textTooLong";
    public const string TextInvalid = "textInvalid";
    public const string ClientIdReused = "clientIdReused";
    public const string RateLimited = "rateLimited";
    public const string Overloaded = "overloaded";
    public const string Unavailable = "unavailable";
    public const string Timeout = "timeout";
}
