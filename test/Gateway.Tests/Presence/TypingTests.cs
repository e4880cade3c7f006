using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Presence;

/// <summary>Who hears that somebody types. Notices of a tenant travel in order: what came after something else proves that nothing came before it.</summary>
public sealed class TypingTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private ChatServer _chat = null!;

    public async ValueTask InitializeAsync() => _chat = await ChatServer.StartAsync(new ChatSetup { Time = _time });

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("T4")]
    [Rule("T5")]
    public async Task Typing_InAGroup_IsHeardByWhoHasItOpenAndByNoSessionOfTheTypist()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob", "cleo");
        var (desk, phone) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("ann"));
        var (bob, cleo, stranger) = (await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("cleo"), await _chat.SignsInAsync("mallory"));
        foreach (var viewer in new[] { desk, phone, bob, stranger })
        {
            await viewer.CallsAsync("View", new { conversationIds = (string[])[group] });
        }

        await TypesAsync(desk, group);
        await TypesAsync(desk, group, typing: false);
        var heard = await bob.Session.HearsAsync("typing", typing => !typing.GetProperty("typing").GetBoolean());
        (heard.GetProperty("conversationId").GetString(), heard.GetProperty("userId").GetString()).ShouldBe((group, "ann"));
        Heard(bob).ShouldBe([(group, "ann", true), (group, "ann", false)]);

        // Something that everybody else hears too, after it.
        await cleo.SendsAsync(cleo.With("mallory"), "hi");
        await cleo.SendsAsync(cleo.With("ann"), "hi");
        await bob.SendsAsync(bob.With("cleo"), "hi");
        await TypesAsync(cleo, cleo.With("mallory"));
        await TypesAsync(cleo, cleo.With("ann"));
        await TypesAsync(bob, bob.With("cleo"));
        foreach (var (listener, sentinel) in new[] { (desk, "cleo"), (phone, "cleo"), (stranger, "cleo"), (cleo, "bob") })
        {
            await listener.HearsAsync("typing");
            Heard(listener).ShouldHaveSingleItem().Item2.ShouldBe(sentinel, listener.User);
        }
    }

    [Fact]
    [Rule("T4")]
    public async Task View_AnotherConversation_EndsTheOneBefore()
    {
        var (one, other) = (await _chat.HasGroupAsync("One", "ann", "bob"), await _chat.HasGroupAsync("Other", "ann", "bob"));
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await bob.CallsAsync("View", new { conversationIds = (string[])[one] });
        await bob.CallsAsync("View", new { conversationIds = (string[])[other] });
        await TypesAsync(ann, one);
        await TypesAsync(ann, other);
        await bob.HearsAsync("typing");
        Heard(bob).ShouldBe([(other, "ann", true)]);

        await bob.IsRefusedAsync("invalidRequest", "View", new { });
        await bob.IsRefusedAsync("invalidRequest", "View", new { conversationIds = (string[])[one, one, one, one, one] });
        await bob.CallsAsync("View", new { conversationIds = (string[])[one, other, "nonsense", one] });
    }

    [Fact]
    [Rule("T4")]
    [Rule("C3")]
    public async Task Typing_InADirectConversation_IsHeardInTheListButNotBeforeItsFirstMessage()
    {
        var (ann, desk, phone) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("bob"));
        var direct = ann.With("bob");
        await TypesAsync(ann, direct);
        await ann.SendsAsync(direct, "hi");
        _time.Advance(TimeSpan.FromSeconds(2));
        await TypesAsync(ann, direct);

        foreach (var session in new[] { desk, phone })
        {
            await session.HearsAsync("typing");
            Heard(session).ShouldBe([(direct, "ann", true)]);
        }
    }

    [Fact]
    [Rule("T7")]
    public async Task Typing_OfSomebodyWhoDoesNotShowIt_IsAnsweredAndHeardByNobody()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var direct = ann.With("bob");
        await ann.SendsAsync(direct, "hi");
        await ann.CallsAsync("SetPreferences", new { showTyping = false });
        await TypesAsync(ann, direct);
        await TypesAsync(ann, direct, typing: false);
        await ann.CallsAsync("SetPreferences", new { showTyping = true });
        _time.Advance(TimeSpan.FromSeconds(2));
        await TypesAsync(ann, direct);

        await bob.HearsAsync("typing");
        Heard(bob).ShouldBe([(direct, "ann", true)]);
    }

    [Fact]
    [Rule("T6")]
    [Rule("R3")]
    public async Task Typing_OfSomebodyWhoIsNoMember_IsNotFound()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        var (cleo, foreign) = (await _chat.SignsInAsync("cleo"), await _chat.SignsInAsync("ann", "globex"));
        foreach (var stranger in new[] { cleo, foreign })
        {
            foreach (var conversation in new[] { group, "c/018f000000007000800000000000000a", "nonsense", "dm/ann~bob~cleo" })
            {
                await stranger.IsRefusedAsync("notFound", "Typing", new { conversationId = conversation, typing = true });
            }
        }

        await cleo.IsRefusedAsync("invalidRequest", "Typing", new { conversationId = group });
    }

    [Fact]
    [Rule("M7")]
    public async Task Typing_TooSoon_IsRateLimitedAndASendIsNot()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var direct = ann.With("bob");
        await ann.SendsAsync(direct, "hi");
        await TypesAsync(ann, direct);
        var refused = await ann.IsRefusedAsync("rateLimited", "Typing", new { conversationId = direct, typing = true });
        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBe(2_000);
        await ann.SendsAsync(direct, "sent all the same");
        await bob.SeesAsync(direct, "sent all the same");
        await TypesAsync(ann, direct, typing: false);
    }

    private static Task<System.Text.Json.JsonElement> TypesAsync(Participant typist, string conversation, bool typing = true) =>
        typist.CallsAsync("Typing", new { conversationId = conversation, typing });

    private static List<(string, string, bool)> Heard(Participant listener) =>
    [
        .. listener.Session.Events.Where(heard => heard.Name == "typing").Select(heard => (
            heard.Payload.GetProperty("conversationId").GetString()!, heard.Payload.GetProperty("userId").GetString()!, heard.Payload.GetProperty("typing").GetBoolean())),
    ];
}
