using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace OrleansChat.Gateway.Callers;

/// <summary>The keys that tokens may be signed with now: configured ones, and those that the helpdesk publishes.</summary>
internal sealed partial class TokenKeys(
    IOptionsMonitor<TokenOptions> options, IHttpClientFactory http, TimeProvider time, ILogger<TokenKeys> logger) : IDisposable
{
    internal const string HttpClientName = "jwks";

    private readonly SemaphoreSlim _reading = new(1);
    private IReadOnlyList<SecurityKey> _published = [];
    private Uri? _publishedAt;
    private long? _readAt;

    /// <summary>The keys with this <c>kid</c>; reads the published ones again when there is none.</summary>
    internal async Task<IReadOnlyList<SecurityKey>> FindAsync(string kid, CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        List<SecurityKey> found = [.. current.Keys.Where(key => key.Kid == kid).Select(ToSecurityKey)];
        if (current.JwksUri is not { } address)
        {
            return found;
        }

        if (found.Count > 0)
        {
            return found; // A configured key does not wait for the published ones.
        }

        await ReadIfOlderAsync(address, current.JwksRefreshInterval, cancellationToken);
        if (!_published.Any(key => key.KeyId == kid))
        {
            await ReadIfOlderAsync(address, current.JwksRefreshPause, cancellationToken);
        }

        found.AddRange(_published.Where(key => key.KeyId == kid));
        return found;
    }

    public void Dispose() => _reading.Dispose();

    private static SecurityKey ToSecurityKey(TokenKey key)
    {
        if (key.Secret is { } secret)
        {
            return new SymmetricSecurityKey(Convert.FromBase64String(secret)) { KeyId = key.Kid };
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PublicKeyPem);
        return new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = key.Kid };
    }

    private async Task ReadIfOlderAsync(Uri address, TimeSpan age, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is { } readAt && _publishedAt == address && time.GetElapsedTime(readAt) < age)
            {
                return;
            }

            (_readAt, _publishedAt) = (time.GetTimestamp(), address); // A failure counts too: the address is not asked again at once.
            using var client = http.CreateClient(HttpClientName);
            var json = await client.GetStringAsync(address, cancellationToken);
            // Only public keys: a published symmetric key would let everybody sign.
            _published = [.. new JsonWebKeySet(json).GetSigningKeys().OfType<RsaSecurityKey>()];
            Log.Read(logger, _published.Count);
        }
        catch (Exception exception) when (exception is HttpRequestException or ArgumentException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.ReadFailed(logger, exception); // The keys read before stay in force.
        }
        finally
        {
            _reading.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Information, "Read {Keys} published token keys.")]
        internal static partial void Read(ILogger logger, int keys);

        [LoggerMessage(5302, LogLevel.Error, "Reading the published token keys failed; the ones read before stay in force.")]
        internal static partial void ReadFailed(ILogger logger, Exception exception);
    }
}
