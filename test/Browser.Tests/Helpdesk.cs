using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>
/// A helpdesk with a page that shows the chat as a panel, on an origin of its own. The page is the one of docs/embedding.md, word by word,
/// but for where the chat is and whose it is.
/// </summary>
internal sealed class Helpdesk : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, string Body)> _files;
    private readonly Func<string> _token;
    private readonly SemaphoreSlim _asked = new(0);
    private readonly Task _serving;
    private int _tokensGiven;

    /// <param name="chat">Where the chat is.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="token">Signs a token for who is signed in here.</param>
    internal Helpdesk(Uri chat, string tenant, Func<string> token)
    {
        _token = token;
        var example = File.ReadAllText(Path.Combine(Repository.Root, "docs", "embedding.md"));
        _files = new Dictionary<string, (string, string)>
        {
            ["/"] = ("text/html", Block("html")),
            ["/desk.css"] = ("text/css", Block("css")),
            ["/desk.js"] = ("text/javascript", Block("js")),
            ["/favicon.ico"] = ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        };
        Origin = $"http://127.0.0.1:{FreePorts.Next()}";
        _listener.Prefixes.Add(Origin + "/");
        _listener.Start();
        _serving = ServeAsync();

        string Block(string language) => Regex.Match(example, $"^```{language}\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value
            .Replace("https://chat.example.com", chat.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("tenant: 'acme'", $"tenant: '{tenant}'", StringComparison.Ordinal);
    }

    /// <summary>Of its pages.</summary>
    internal string Origin { get; }

    /// <summary>How many tokens its page has asked for.</summary>
    internal int TokensGiven => _tokensGiven;

    /// <summary>The page asks for one more token.</summary>
    internal async Task GivesATokenAsync() => (await _asked.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue("nobody asked for a token");

    /// <summary>Another page of it.</summary>
    internal void Has(string path, string html) => _files[path] = ("text/html", html);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        ((IDisposable)_listener).Dispose();
        _asked.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // Stopped.
            }

            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var answer = context.Response;
        var asksForToken = context.Request is { HttpMethod: "POST", RawUrl: "/chat-token" };
        (string Type, string Body)? found = asksForToken ? ("text/plain", _token()) : _files.TryGetValue(context.Request.RawUrl!, out var file) ? file : null;
        if (found is not var (type, body))
        {
            answer.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        answer.ContentType = type + "; charset=utf-8";
        await answer.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        if (asksForToken)
        {
            Interlocked.Increment(ref _tokensGiven);
            _asked.Release();
        }
    }
}
