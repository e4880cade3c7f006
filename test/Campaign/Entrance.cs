using System.Net.Http.Json;
using OrleansChat.HubClient;

namespace OrleansChat.Campaign;

/// <summary>How one person's client shows a gateway who it is.</summary>
public abstract class Entrance
{
    /// <summary>What to connect with.</summary>
    public abstract Task<HubCredentials> EnterAsync(Uri gateway, CancellationToken cancellationToken);

    /// <summary>The gateway did not take it.</summary>
    public virtual void Refused()
    {
    }
}

/// <summary>A helpdesk's token, as clients that are no browsers send it.</summary>
public sealed class TokenEntrance(string token) : Entrance
{
    public override Task<HubCredentials> EnterAsync(Uri gateway, CancellationToken cancellationToken) => Task.FromResult(new HubCredentials { Token = token });
}

/// <summary>A browser in Development: signs in as one of the demo tenant's people and keeps the cookie.</summary>
public sealed class DevelopmentEntrance(string user) : Entrance
{
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(10);
    private string? _cookie;

    public override async Task<HubCredentials> EnterAsync(Uri gateway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var origin = gateway.GetLeftPart(UriPartial.Authority);
        _cookie ??= await SignInAsync(gateway, origin, cancellationToken);
        return new HubCredentials { Cookie = _cookie, Origin = origin };
    }

    public override void Refused() => _cookie = null;

    private async Task<string> SignInAsync(Uri gateway, string origin, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = AnswerTimeMax };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/development/session") { Content = JsonContent.Create(new { userId = user }) };
        request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
