using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Callers;

/// <summary>Refuses keys that cannot be used, and a production without any.</summary>
internal sealed class TokenOptionsValidator(IHostEnvironment environment) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        List<string> failures = [];
        foreach (var key in options.Keys)
        {
            if (string.IsNullOrEmpty(key.Kid))
            {
                failures.Add("Tokens:Keys: a key has no Kid.");
            }
            else if (key.Secret is null == key.PublicKeyPem is null)
            {
                failures.Add($"Tokens:Keys '{key.Kid}' must have either Secret (HS256) or PublicKeyPem (RS256).");
            }
            else if (key.Secret is { } secret && !IsSecret(secret))
            {
                failures.Add($"Tokens:Keys '{key.Kid}': Secret must be base64 of {TokenKey.SecretBytesMin} bytes or more.");
            }
            else if (key.PublicKeyPem is { } pem && !IsPublicKey(pem))
            {
                failures.Add($"Tokens:Keys '{key.Kid}': PublicKeyPem is not a PEM with an RSA public key of 2048 bits or more.");
            }
        }

        if (options.Keys.DistinctBy(key => key.Kid, StringComparer.Ordinal).Count() < options.Keys.Count)
        {
            failures.Add("Tokens:Keys: a Kid stands there twice.");
        }

        if (options.JwksUri is { } uri && (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)))
        {
            failures.Add("Tokens:JwksUri must be an absolute https address (http only on loopback).");
        }

        if (!environment.IsDevelopment() && options.Keys.Count == 0 && options.JwksUri is null)
        {
            failures.Add("Tokens: neither Keys nor JwksUri is set, so nobody could sign in.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsSecret(string secret)
    {
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, bytes, out var length) && length >= TokenKey.SecretBytesMin;
    }

    private static bool IsPublicKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= 2048;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
