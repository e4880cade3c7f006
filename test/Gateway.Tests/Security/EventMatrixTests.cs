using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Gateway.Wire;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Every event × everybody who might hear it.</summary>
public sealed class EventMatrixTests(EventMatrixTests.Server server) : IClassFixture<EventMatrixTests.Server>, IAsyncLifetime
{
    private static readonly string[] Members = ["ann", "ann again", "bob", "sam"];

    /// <summary>How an event comes about in a group of acme, and which sessions hear it.</summary>
    private static readonly IReadOnlyDictionary<string, (Func<EventMatrixTests, string, Task> Cause, string[] Audience)> Rows =
        new Dictionary<string, (Func<EventMatrixTests, string, Task>, string[])>(StringComparer.Ordinal)
        {
            [EventNames.Welcome] = ((test, _) => test.SignsInAgainAsync("bob"), []),
            [EventNames.MessagePosted] = ((test, group) => test["ann"].SendsAsync(group, Office.Text), Members),
            [EventNames.MessageEdited] = ((test, group) => test.ChangesAsync(group, "Edit", new { version = 1, text = Office.Canary }), Members),
            [EventNames.MessageDeleted] = ((test, group) => test.ChangesAsync(group, "Delete", new { }), Members),
            [EventNames.ReactionChanged] = ((test, group) => test.ChangesAsync(group, "React", new { emoji = "👍", add = true }), Members),
            [EventNames.Changed] = ((test, group) => test.PublishesUnknownAsync(group), Members),
            [EventNames.ReadCursorMoved] = ((test, group) => test["bob"].CallsAsync("MarkRead", new { conversationId = group, upToSeq = 2 }), ["bob"]),
            [EventNames.Presence] = ((test, _) => test["bob"].CallsAsync("SetStatus", new { status = "dnd" }), ["ann", "eve"]),
            [EventNames.Typing] = ((test, group) => test["ann"].CallsAsync("Typing", new { conversationId = group, typing = true }), ["bob"]),
            [EventNames.NotificationsChanged] = ((test, group) => test["bob"].CallsAsync("SetNotifications", new { conversationId = group, level = "all", mute = "on" }), ["bob"]),
            [EventNames.MentionMarked] = ((test, group) => test.MentionsAsync(group, "bob", (seq, bob) => bob.CallsAsync("MarkMentionDone", new { conversationId = group, seq, done = true })), ["bob"]),
            [EventNames.NotifyNow] = ((test, group) => test.MentionsAsync(group, "bob", async (seq, bob) =>
            {
                await bob.CallsAsync("SetStatus", new { status = "dnd" });
                await test["ann"].CallsAsync("NotifyNow", new { conversationId = group, seq });
            }), ["bob"]),
            [EventNames.DraftChanged] = ((test, group) => test["bob"].CallsAsync("SaveDraft", new { conversationId = group, text = Office.Canary, version = 0 }), ["bob"]),
            [EventNames.PermissionsChanged] = ((test, _) => test._office.PutAsync(test._office.Acme, Office.Person("bob", Role.Owner)), ["bob"]),
            [EventNames.Resync] = ((test, _) => test.ResyncsAsync("bob"), ["bob"]),
            [EventNames.Closing] = ((test, _) => test._office.PutAsync(test._office.Acme, Office.Person("sam", Role.Supervisor) with { Active = false }), ["sam"]),
        };

    private readonly Dictionary<string, Participant> _sessions = new(StringComparer.Ordinal);
    private Office _office = null!;

    public static TheoryData<string> Events => [.. typeof(EventNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(name => (string)name.GetRawConstantValue()!)];

    private Participant this[string session] => _sessions[session];

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server.ForOneTest());
        foreach (var (session, user, tenant) in new[]
        {
            ("ann", "ann", _office.Acme), ("ann again", "ann", _office.Acme), ("bob", "bob", _office.Acme), ("sam", "sam", _office.Acme),
            ("eve", "eve", _office.Acme), ("rae", "rae", _office.Acme),
            ("ann@globex", "ann", _office.Globex), ("bob@globex", "bob", _office.Globex), ("eve@globex", "eve", _office.Globex), ("sam@globex", "sam", _office.Globex),
        })
        {
            _sessions[session] = await _office.SignsInAsync(user, tenant);
        }
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public void Rows_AreThoseOfTheProtocol() => Rows.Keys.ShouldBe(Events.Select(row => row.Data), ignoreOrder: true, "each event has a row, and each row an event");

    [Theory]
    [Rule("C10")]
    [Rule("R3")]
    [Rule("P10")]
    [MemberData(nameof(Events))]
    public async Task Event_OfAGroupOfAcme_IsHeardByThoseWhomItConcernsAlone(string name)
    {
        var (cause, audience) = Rows[name];
        var group = await _office.HasGroupAsync();
        await _office.HasGroupAsync(_office.Globex, group); // The other tenant has a group with the same id, of people with the same ids.
        await _office.PostsAsync(_office.Acme, group, "ann");
        foreach (var session in (string[])["bob", "eve", "rae", "bob@globex", "eve@globex"])
        {
            await this[session].CallsAsync("View", new { conversationIds = (string[])[group] });
        }

        foreach (var session in (string[])["ann", "eve", "ann@globex", "eve@globex"])
        {
            await this[session].CallsAsync("Watch", new { users = (string[])["bob"] });
        }

        await IsQuietAsync(except: null);
        var before = _sessions.ToDictionary(entry => entry.Key, entry => entry.Value.Session.Events.Count, StringComparer.Ordinal);

        await cause(this, group);

        foreach (var session in audience)
        {
            await this[session].Session.HearsAsync(name, payload => IsTheOne(name, payload, group) && (name != EventNames.MessagePosted || TextOf(payload) == Office.Text));
        }

        await IsQuietAsync(except: name == EventNames.Closing ? "sam" : null);
        var heard = _sessions.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.Session.Events.Skip(before[entry.Key]).Where(one => one.Name == name && IsTheOne(name, one.Payload, group)).ToArray(),
            StringComparer.Ordinal);
        heard.Where(entry => entry.Value.Length > 0).Select(entry => entry.Key).ShouldBe(audience, ignoreOrder: true, name);
        foreach (var (session, participant) in _sessions.Where(entry => entry.Key.EndsWith("@globex", StringComparison.Ordinal)))
        {
            participant.Session.Events.ShouldNotContain(one => one.Payload.ToString().Contains(Office.Canary), $"{session} heard what acme says");
            participant.Session.Events.Skip(before[session]).Where(one => !IsOwnNote(one.Payload) && one.Name != EventNames.Presence)
                .ShouldBeEmpty($"{session} heard something of {name}");
        }

        foreach (var session in (string[])["eve", "rae"])
        {
            this[session].Session.Events.Skip(before[session]).ShouldNotContain(one => one.Payload.ToString().Contains(group), $"{session} heard something of the group");
        }
    }

    /// <summary>What was on its way to anybody has arrived: everybody writes to themselves, and reads it, and once more.</summary>
    private async Task IsQuietAsync(string? except)
    {
        for (var round = 0; round < 2; round++)
        {
            await NotesArriveAsync(except);
        }
    }

    private Task NotesArriveAsync(string? except) => Task.WhenAll(_sessions.Where(entry => entry.Key != except).Select(async entry =>
    {
        var (session, participant) = entry;
        var text = $"{session} {Guid.NewGuid():N}";
        var note = await participant.SendsAsync(participant.With(participant.User), text);
        await participant.SeesAsync(participant.With(participant.User), text);
        var seq = note.GetProperty("seq").GetInt64();
        await participant.CallsAsync("MarkRead", new { conversationId = participant.With(participant.User), upToSeq = seq });
        await participant.Session.HearsAsync(
            EventNames.ReadCursorMoved, moved => IsOwnNote(moved) && moved.GetProperty("unread").GetProperty("readSeq").GetInt64() >= seq);
    }));

    private static bool IsOwnNote(JsonElement payload) =>
        payload.TryGetProperty("conversationId", out var id) && id.GetString()!.StartsWith("dm/", StringComparison.Ordinal);

    /// <summary>Not what happens anyway, such as that somebody is online now.</summary>
    private static bool IsTheOne(string name, JsonElement payload, string group) => name == EventNames.Presence
        ? payload.ToString().Contains("\"dnd\"", StringComparison.Ordinal)
        : !payload.TryGetProperty("conversationId", out var id) || id.GetString() == group;

    private static string? TextOf(JsonElement posted) => posted.GetProperty("message").GetProperty("text").GetString();

    private async Task SignsInAgainAsync(string user)
    {
        var welcome = await (await _office.SignsInAsync(user)).HearsAsync(EventNames.Welcome);
        (welcome.GetProperty("tenant").GetString(), welcome.GetProperty("user").GetProperty("userId").GetString()).ShouldBe((_office.Acme, user));
    }

    /// <summary>Ann changes what she has just written.</summary>
    private async Task ChangesAsync(string group, string method, object rest)
    {
        var seq = await _office.PostsAsync(_office.Acme, group, "ann");
        var request = JsonSerializer.SerializeToNode(rest)!.AsObject();
        (request["conversationId"], request["clientId"], request["seq"]) = (group, Guid.NewGuid(), seq);
        await this["ann"].CallsAsync(method, request);
    }

    /// <summary>Ann mentions somebody, and then something becomes of it.</summary>
    private async Task MentionsAsync(string group, string user, Func<long, Participant, Task> then) =>
        await then(await _office.PostsAsync(_office.Acme, group, "ann", text: $"<@{user}>"), this[user]);

    /// <summary>A version of the grains to come writes a change that this gateway does not know.</summary>
    private async Task PublishesUnknownAsync(string group)
    {
        var head = (await this["ann"].CallsAsync("History", new { conversationId = group, anchor = "latest" })).GetProperty("head").GetProperty("rev").GetInt64();
        ConversationId.TryParse(group, out var id).ShouldBeTrue();
        await _office.Chat.Grains.GetRequiredService<IEventPublisher>().PublishAsync(new ConversationAppended
        {
            TenantId = TenantId.Of(_office.Acme), ConversationId = id, MembersRev = 1, Changes = [new ConversationChange { Rev = head + 1 }],
        });
    }

    private Task ResyncsAsync(string user)
    {
        typeof(ResyncEvent).GetProperties(BindingFlags.Public | BindingFlags.Instance).ShouldBeEmpty("it says nothing");
        _office.Chat.Services.GetRequiredService<SessionRegistry>().All
            .Single(session => session.Caller.TenantId.Value == _office.Acme && session.Caller.UserId.Value == user).Resync();
        return Task.CompletedTask;
    }

    public sealed class Server : SharedServer
    {
        internal override ChatSetup Setup => Office.On(new ChatSetup());
    }
}
