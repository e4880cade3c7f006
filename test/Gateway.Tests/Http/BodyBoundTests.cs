using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using OrleansChat.Gateway.Http;
using OrleansChat.Gateway.Tests.Fixtures;

namespace OrleansChat.Gateway.Tests.Http;

/// <summary>Who is heard out that sends too much, as it goes over the wire.</summary>
public sealed partial class BodyBoundTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Tenant = "/api/provisioning/tenant";
    private const int BytesMax = 256 * 1024;

    [Fact]
    public async Task BodyBeyondTheBound_IsReadAndTheConnectionServesTheNextRequest()
    {
        await using var chat = server.ForOneTest();

        var answers = await AnswersAsync(
            chat, Head(chat, "PUT", Tenant, BytesMax + 1) + "{}".PadRight(BytesMax + 1), Head(chat, "GET", Tenant, 0, "Connection: close"));

        StatusesOf(answers).ShouldBe(["413", "404"]);
    }

    /// <summary>Nobody waits for what will not come: of these only the heads are sent.</summary>
    [Theory]
    [InlineData("PUT", Tenant, BytesMax + 1, true, "Expect: 100-continue")]
    [InlineData("PUT", Tenant, BytesMax + BodyBound.HeardBytesMax + 1, true, null)]
    [InlineData("POST", "/api/session", BytesMax + 1, false, null)]
    public async Task BodyThatIsNotRead_IsAnsweredAndTheConnectionEnded(string method, string path, int bytes, bool isKnown, string? header)
    {
        await using var chat = server.ForOneTest();

        var answers = await AnswersAsync(chat, Head(isKnown ? chat : null, method, path, bytes, header));

        StatusesOf(answers).ShouldBe(["413"]);
        answers.ShouldContain("Connection: close");
        answers.ShouldContain($"The body must have at most {BytesMax} bytes.");
    }

    private static string Head(ChatServer? caller, string method, string path, int bytes, string? header = null) =>
        string.Join("\r\n", ((string?[])
        [
            $"{method} {path} HTTP/1.1", "Host: localhost", caller is null ? null : $"Authorization: Bearer {caller.Helpdesk.ServiceToken()}", header,
            "Content-Type: application/json", $"Content-Length: {bytes}", "", "",
        ]).Where(static line => line is not null));

    /// <summary>All that comes until the connection ends.</summary>
    private static async Task<string> AnswersAsync(ChatServer chat, params string[] requests)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(chat.Http.BaseAddress!.Host, chat.Http.BaseAddress.Port, TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        foreach (var request in requests)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        }

        return await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> StatusesOf(string answers) => Status().Matches(answers).Select(static line => line.Groups[1].Value);

    [GeneratedRegex("HTTP/1.1 (\\d+)")]
    private static partial Regex Status();
}
