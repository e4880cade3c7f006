using System.Net;
using System.Text;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>What is not the protocol ends its connection, and only that.</summary>
public sealed class BadFrameTests(BadFrameTests.Server server) : IClassFixture<BadFrameTests.Server>, IAsyncDisposable
{
    private readonly ChatServer _chat = server.ForOneTest();

    public async ValueTask DisposeAsync()
    {
        // The gateway is as well as before.
        var ann = await _chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("ann"), "still here");
        await ann.SeesAsync(ann.With("ann"), "still here");
        await _chat.DisposeAsync();
        ErrorsOf(_chat.Logged).ShouldBeEmpty();
    }

    [Theory]
    [Rule("S15")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Post","arguments":[{]}""")]
    [InlineData("""{"type":"1"}""")]
    [InlineData("""{"type":99999999999}""")]
    [InlineData("""{"type":77}""")]
    [InlineData("""{"type":1,"target":7,"arguments":[]}""")]
    [InlineData("""{"type":1,"arguments":[]}""")]
    [InlineData("\ufeff{}")]
    public async Task Frame_NoMessageOfTheProtocol_EndsTheConnection(string frame)
    {
        var mallory = await _chat.OpensSocketAsync();
        await mallory.SendsAsync(frame);
        await mallory.IsClosedAsync();
    }

    [Fact]
    [Rule("S15")]
    public async Task Frame_BytesThatAreNoText_EndTheConnection()
    {
        var mallory = await _chat.OpensSocketAsync();
        await mallory.SendsBytesAsync(new byte[] { 0x80, 0xC0, 0xFF, 0x00, 0x1E });
        await mallory.IsClosedAsync();
    }

    [Theory]
    [Rule("S15")]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(60, false)]
    [InlineData(10_000, false)]
    public async Task Frame_NestedSoDeep_IsAnsweredOrEndsTheConnection(int depth, bool answered)
    {
        await SendsNestedAsync(_chat, depth, answered);
    }

    [Theory]
    [Rule("S14")]
    [Rule("S15")]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Frame_NestedAsDeepAsTheOption_IsAnsweredAndOneDeeperEndsTheConnection(int depthMax)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Sockets:JsonDepthMax={depthMax}"] });
        await SendsNestedAsync(chat, depthMax, answered: true);
        await SendsNestedAsync(chat, depthMax + 1, answered: false);

        // Over HTTP the body is the first level, and nothing is around it.
        foreach (var (depth, expected) in ((int, HttpStatusCode)[])[(depthMax, HttpStatusCode.OK), (depthMax + 1, HttpStatusCode.BadRequest)])
        {
            var body = $$"""{"x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await chat.SendsAsync(HttpMethod.Put, "/api/provisioning/tenant", chat.Helpdesk.ServiceToken(), content: content);
            response.StatusCode.ShouldBe(expected, $"{depth} levels");
        }
    }

    [Fact]
    [Rule("S14")]
    public async Task Answers_WithTheLeastDepth_AreWholeHoweverDeepTheyAre()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = ["--Sockets:JsonDepthMax=12"] });
        var ann = await chat.SignsInAsync("ann");
        var notes = ann.With("ann");
        await ann.SendsAsync(notes, "to react to");
        await ann.CallsAsync("React", new { conversationId = notes, clientId = Guid.NewGuid(), seq = 1, emoji = "👍", add = true });

        var synced = await ann.CallsAsync("Sync", new { conversations = new[] { new { id = notes, rev = 0 } } });
        var read = await ann.CallsAsync("History", new { conversationId = notes, anchor = "latest" });

        synced.GetProperty("conversations")[0].GetProperty("changes").GetArrayLength().ShouldBe(2);
        read.GetProperty("messages")[0].GetProperty("reactions")[0].GetProperty("users")[0].GetString().ShouldBe("ann");
    }

    [Fact]
    [Rule("S14")]
    public async Task Frame_BracketsInsideText_AreNoNesting()
    {
        var mallory = await _chat.OpensSocketAsync();
        var text = string.Concat(Enumerable.Repeat("""[{\"[{""", 100));
        var completion = await mallory.InvokesAsync("FindPeople", $$"""[{"text":"a","x":"{{text}}"}]""");
        completion.GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Rule("G1")]
    public async Task Frame_OfOneMegabyte_EndsTheConnection()
    {
        var mallory = await _chat.OpensSocketAsync();
        await mallory.SendsBytesAsync(Encoding.UTF8.GetBytes(new string('x', 1024 * 1024)));
        await mallory.IsClosedAsync();
    }

    [Fact]
    [Rule("G1")]
    public async Task Frame_InEndlessFragments_EndsTheConnection()
    {
        var mallory = await _chat.OpensSocketAsync();
        var fragment = Encoding.UTF8.GetBytes(new string('x', 1024));
        var closed = mallory.IsClosedAsync();
        for (var sent = 0; sent < 4 * 1024 && !closed.IsCompleted; sent++)
        {
            await mallory.SendsBytesAsync(fragment, endOfMessage: false);
        }

        await closed;
    }

    [Fact]
    [Rule("G1")]
    public async Task Frame_JustUnderItsBound_IsTaken()
    {
        var client = await _chat.OpensSocketAsync();
        var padding = new string('x', (128 * 1024) - 200);
        (await client.InvokesAsync("ListConversations", $$"""[{"x":"{{padding}}"}]""")).GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [Rule("S15")]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("""{"protocol":"messagepack","version":1}""")]
    [InlineData("""{"protocol":"json","version":99}""")]
    [InlineData("""{"protocol":"json"}""")]
    [InlineData("""{"type":1,"target":"ListConversations","arguments":[{}]}""")]
    public async Task Handshake_ThatIsNone_EndsTheConnection(string handshake)
    {
        var mallory = await _chat.OpensSocketAsync(shakesHands: false);
        await mallory.SendsAsync(handshake);
        await mallory.IsClosedAsync();
    }

    [Fact]
    [Rule("S15")]
    public async Task Handshake_TooLong_EndsTheConnection()
    {
        var mallory = await _chat.OpensSocketAsync(shakesHands: false);
        await mallory.SendsBytesAsync(Encoding.UTF8.GetBytes(new string('x', 256 * 1024)));
        await mallory.IsClosedAsync();
    }

    [Fact]
    [Rule("G1")]
    public async Task Handshake_TooLate_EndsTheConnection()
    {
        var silent = await _chat.OpensSocketAsync(shakesHands: false);
        await silent.IsClosedAsync();
    }

    [Fact]
    [Rule("G5")]
    public async Task Messages_MoreThanTheBudget_EndTheConnectionAndNoOther()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = ["--Sockets:MessagesPerSecond=1", "--Sockets:MessagesBurst=50"] });
        var ann = await chat.OpensSocketAsync("ann");
        var mallory = await chat.OpensSocketAsync("mallory");
        for (var call = 0; call < 45; call++)
        {
            (await mallory.InvokesAsync("NoSuchMethod", "[{}]", $"{call}")).TryGetProperty("error", out _).ShouldBeTrue();
        }

        await mallory.SendsAsync(string.Concat(Enumerable.Repeat("{\"type\":6}\u001e", 100)) + "{\"type\":6}");
        await mallory.IsClosedAsync();

        (await ann.InvokesAsync("ListConversations", "[{}]")).GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [Rule("S15")]
    [InlineData("""{"type":4,"invocationId":"7","target":"Post","arguments":[{}]}""")]
    [InlineData("""{"type":5,"invocationId":"1"}""")]
    [InlineData("""{"type":6}""")]
    public async Task Message_OfAnotherKind_DoesNoHarm(string message)
    {
        var mallory = await _chat.OpensSocketAsync();
        await mallory.SendsAsync(message);
        (await mallory.InvokesAsync("ListConversations", "[{}]", "2")).GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    private static IEnumerable<string> ErrorsOf(IEnumerable<string> lines) => lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal));

    /// <summary>A call with JSON of so many levels: the message is the first, its arguments the second, the request the third.</summary>
    private static async Task SendsNestedAsync(ChatServer chat, int depth, bool answered)
    {
        var mallory = await chat.OpensSocketAsync();
        var inner = depth - 3;
        var arguments = $$"""[{"x":{{new string('[', inner)}}{{new string(']', inner)}}}]""";
        if (answered)
        {
            (await mallory.InvokesAsync("ListConversations", arguments)).GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
            return;
        }

        await mallory.SendsAsync($$"""{"type":1,"invocationId":"1","target":"ListConversations","arguments":{{arguments}}}""");
        await mallory.IsClosedAsync();
    }

    /// <summary>One server whose handshakes may take a second.</summary>
    public sealed class Server : SharedServer
    {
        internal override ChatSetup Setup => new() { Settings = ["--Sockets:HandshakeTimeout=00:00:01"] };

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            ErrorsOf(Logs.Lines).ShouldBeEmpty("after all of them, and while the gateway ended");
        }
    }
}
