using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Every hub method × everybody who might call it.</summary>
public sealed class HubMatrixTests(HubMatrixTests.Server server) : IClassFixture<HubMatrixTests.Server>, IAsyncLifetime
{
    /// <summary>Well-formed, and of nobody.</summary>
    private static readonly string[] UnknownIds = [ConversationId.Of(Guid.CreateVersion7()).Value, "dm/nina~nobody"];

    private static readonly string[] IllFormedIds = ["nonsense", "", "c/018F0E6C3B7A7C3E9D2F5A6B7C8D9E0F", "dm/bob~ann", "c/", "acme/dm/ann~bob"];

    private static readonly Regex NewId = new("c/[0-9a-f]{32}");

    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server.ForOneTest());

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    public static TheoryData<string> Methods => [.. typeof(ChatHub)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method)
        .Select(method => method.Name)];

    [Fact]
    public void Rows_AreThoseOfTheHub() =>
        HubMatrix.Rows.Keys.ShouldBe(Methods.Select(row => row.Data), ignoreOrder: true, "each hub method has a row, and each row a method");

    [Theory]
    [Rule("C10")]
    [Rule("R1")]
    [Rule("R3")]
    [MemberData(nameof(Methods))]
    public async Task Method_OfSomebodyElsesThings_IsAnsweredToMembersAloneAndToOthersLikeUnknownOnes(string method)
    {
        var row = HubMatrix.Rows[method];
        var theirs = await _office.HasGroupAsync(_office.Globex); // Of another tenant: Ann is a member, there.
        await _office.PostsAsync(_office.Acme, "dm/ann~bob", "ann");

        await AnswersMembersAsync(method, row);
        await AnswersOfForeignPeopleAsync(method, row);

        var group = await _office.HasGroupAsync();
        (string User, string Tenant, string[] Foreign)[] outsiders =
        [
            ("ann", _office.Acme, [theirs]),
            ("eve", _office.Acme, [group, theirs, "dm/ann~bob"]),
            ("rae", _office.Acme, [group, theirs, "dm/ann~bob"]),
            ("ann", _office.Globex, [group]),
        ];
        foreach (var (user, tenant, foreign) in outsiders)
        {
            var outsider = await _office.SignsInAsync(user, tenant);
            var answers = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var id in (string[])[.. UnknownIds, .. IllFormedIds, .. foreign])
            {
                var answer = await Office.AnswerAsync(outsider, method, row.Request(new Target(id, "bob", 2) { ClientId = Guid.NewGuid() }));
                Participant.CodeOf(answer).ShouldBe(CodeOf(row, method, id), $"{method} of {user}@{tenant} to '{id}': {answer}");
                answers[id] = Comparable(method, answer.ToString(), id);
                if ((user, tenant) != ("ann", _office.Acme))
                {
                    answers[id].ShouldNotContain(Office.Text, Case.Insensitive, $"{method} of {user}@{tenant} to '{id}'");
                }
            }

            var expected = answers[UnknownIds[0]];
            answers.Where(answer => !row.IsOwn && answer.Value != expected && !(method == "Search" && answer.Key.Length == 0))
                .ShouldBeEmpty($"{method} of {user}@{tenant}; an unknown id is answered {expected}");
        }
    }

    [Theory]
    [Rule("R1")]
    [InlineData("rex", 3502)]
    [InlineData("dan", 3501)]
    public async Task EveryMethod_OfSomebodyWhoMayNotConnect_HasNoDoor(string user, int code)
    {
        await using var office = await Office.OpenAsync(); // By the real clock: how soon.
        Participant[] open = [await office.SignsInAsync(user), await office.SignsInAsync(user)];
        var theirs = await office.SignsInAsync(user, office.Globex);
        var group = await office.HasGroupAsync(office.Acme, null, user);
        var began = TimeProvider.System.GetTimestamp();

        await office.ShutsOutAsync();

        foreach (var session in open)
        {
            var closing = await session.HearsAsync("closing");
            (closing.GetProperty("code").GetInt32(), closing.GetProperty("reconnect").GetBoolean()).ShouldBe((code, false));
            await session.IsClosedAsync();
        }

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        foreach (var (method, row) in HubMatrix.Rows)
        {
            await Should.ThrowAsync<IOException>(() => Office.AnswerAsync(open[0], method, row.Request(new Target(group, "bob", 2))), method);
        }

        (await office.Chat.TriesToConnectAsync(new HubCredentials { Token = office.Chat.Helpdesk.Token(user) })).Status.ShouldBe(403);
        await theirs.CallsAsync("ListConversations", new { });
    }

    [Fact]
    public async Task EveryMethod_OfNobody_HasNoDoor()
    {
        (await _office.Chat.TriesToConnectAsync(new HubCredentials())).Status.ShouldBe(403, "neither Origin nor bearer");
        (await _office.Chat.TriesToConnectAsync(new HubCredentials { Token = "nobody" })).Status.ShouldBe(401);
        (await _office.Chat.TriesToConnectAsync(new HubCredentials { Token = new Helpdesk().Token("ann") })).Status.ShouldBe(401, "of another helpdesk");
        (await _office.Chat.TriesToConnectAsync(new HubCredentials { Token = _office.Chat.Helpdesk.ServiceToken() })).Status.ShouldBe(403, "a service is nobody");
    }

    [Fact]
    [Rule("U12")]
    public async Task UndoMarkAllRead_OfSomebodyElse_IsAnsweredLikeAnUnknownOneAndUndoesNothing()
    {
        var group = await _office.HasGroupAsync();
        await _office.PostsAsync(_office.Acme, group, "ann");
        var (bob, ann) = (await _office.SignsInAsync("bob"), await _office.SignsInAsync("ann"));
        var undo = (await bob.CallsAsync("MarkAllRead", new { })).GetProperty("undo").GetString();

        foreach (var outsider in new[] { ann, await _office.SignsInAsync("eve"), await _office.SignsInAsync("bob", _office.Globex) })
        {
            var answer = await outsider.CallsAsync("UndoMarkAllRead", new { undo });
            answer.GetProperty("conversations").GetInt32().ShouldBe(0);
            answer.ToString().ShouldBe((await outsider.CallsAsync("UndoMarkAllRead", new { undo = Guid.CreateVersion7(server.Time.GetUtcNow()) })).ToString());
        }

        (await bob.CallsAsync("UndoMarkAllRead", new { undo })).GetProperty("conversations").GetInt32().ShouldBe(1);
    }

    private async Task AnswersMembersAsync(string method, HubRow row)
    {
        await _office.ShutsOutAsync();
        foreach (var (user, expected) in new[] { ("ann", row.Member), ("sam", row.UseOnly) })
        {
            var group = await _office.HasGroupAsync();
            var seq = await _office.PostsForAsync(row, group, user);
            var answer = await Office.AnswerAsync(await _office.SignsInAsync(user), method, row.Request(new Target(group, "bob", seq)));
            Participant.CodeOf(answer).ShouldBe(expected, $"{method} of {user}, a member: {answer}");
        }
    }

    private async Task AnswersOfForeignPeopleAsync(string method, HubRow row)
    {
        var group = await _office.HasGroupAsync();
        var seq = await _office.PostsAsync(_office.Acme, group, "ann");
        var ann = await _office.SignsInAsync("ann");
        if (!NamesAPerson(row))
        {
            row.UnknownPerson.ShouldBeNull($"{method} names nobody");
            return;
        }

        List<string> answers = [];
        foreach (var person in (string[])["zeb", Office.Stranger])
        {
            var answer = await Office.AnswerAsync(ann, method, row.Request(new Target(group, person, seq)));
            Participant.CodeOf(answer).ShouldBe(row.UnknownPerson, $"{method} names {person}: {answer}");
            answers.Add(answer.ToString().Replace(person, "<id>", StringComparison.Ordinal));
        }

        answers.Distinct().ShouldHaveSingleItem(string.Join('\n', answers));
    }

    /// <summary>Whether the method's request says something else when it is about somebody else.</summary>
    private static bool NamesAPerson(HubRow row)
    {
        var of = new Target("c/x", "one", 1);
        return JsonSerializer.Serialize(row.Request(of)) != JsonSerializer.Serialize(row.Request(of with { Person = "another" }));
    }

    /// <summary>A search says what is wrong with an id that is none; nobody learns from it whose an id is.</summary>
    private static string? CodeOf(HubRow row, string method, string id) => method == "Search" && id.Length == 0 ? "invalidQuery" : row.Outsider;

    /// <summary>The answer without what differs by nature: the id asked for, and the id of what a command made.</summary>
    private static string Comparable(string method, string answer, string id) => method == "CreateGroup"
        ? NewId.Replace(answer, "<new>")
        : answer.Replace($"\"{id}\"", "\"<id>\"", StringComparison.Ordinal);

    public sealed class Server : SharedServer
    {
        internal override ChatSetup Setup => Office.On(new ChatSetup { Time = Time });

        /// <summary>Stands still, so that answers that say a time can be compared byte for byte.</summary>
        internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    }
}
