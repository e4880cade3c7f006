using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Http;

/// <summary>The refusals of HTTP routes; one body for each, so that what is unknown and what is another tenant's answer alike.</summary>
internal static class HttpRefusals
{
    internal static IResult NotFound() => Refused(StatusCodes.Status404NotFound, new HttpError { Code = ErrorCodes.NotFound, Message = "There is no such thing in this tenant." });

    internal static IResult Invalid(string field, string message, int? index = null) =>
        Refused(StatusCodes.Status400BadRequest, new HttpError { Code = ErrorCodes.InvalidRequest, Message = message, Field = field, Index = index });

    internal static IResult VersionMoved(long version) =>
        Refused(StatusCodes.Status409Conflict, new HttpError { Code = "versionMoved", Message = $"Version {version} is in force.", Field = "version" });

    internal static IResult TooLarge(long bytesMax) =>
        Refused(StatusCodes.Status413PayloadTooLarge, new HttpError { Code = ErrorCodes.InvalidRequest, Message = $"The body must have at most {bytesMax} bytes." });

    private static IResult Refused(int status, HttpError error) => Results.Json(new HttpRefusal { Error = error }, statusCode: status);
}
