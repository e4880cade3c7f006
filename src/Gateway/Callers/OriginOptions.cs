using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Callers;

/// <summary>Which pages may use cookies here (section <c>Origins</c>).</summary>
internal sealed class OriginOptions
{
    internal const string Section = "Origins";

    /// <summary>Exact origins such as <c>https://chat.example.com</c>. In Development the gateway's own addresses are allowed too.</summary>
    public IList<string> Allowed { get; } = [];
}

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var wrong = options.Allowed.Where(origin =>
            !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(origin => $"Origins:Allowed: '{origin}' is not an origin (scheme://host or scheme://host:port, no slash at the end)."));
    }
}
