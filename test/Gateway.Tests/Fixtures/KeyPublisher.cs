using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>The address at which a helpdesk publishes its public keys (JWKS).</summary>
internal sealed class KeyPublisher : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile string _document = """{"keys":[]}""";
    private int _reads;

    private KeyPublisher()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref _reads);
            return Results.Text(_document, "application/json");
        });
    }

    internal string Address => _app.Urls.Single() + "/keys";

    internal int Reads => Volatile.Read(ref _reads);

    internal static async Task<KeyPublisher> StartAsync()
    {
        var publisher = new KeyPublisher();
        await publisher._app.StartAsync();
        return publisher;
    }

    internal void Publishes(params (string Kid, RSA Key)[] keys) => PublishesText(JsonSerializer.Serialize(new
    {
        keys = keys.Select(key =>
        {
            var parameters = key.Key.ExportParameters(includePrivateParameters: false);
            return new { kty = "RSA", kid = key.Kid, use = "sig", n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
        }),
    }));

    internal void PublishesText(string document) => _document = document;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
