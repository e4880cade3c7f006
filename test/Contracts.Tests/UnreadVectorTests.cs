using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Testing;

namespace OrleansChat.Contracts.Tests;

/// <summary>The golden vectors that the web client runs too: both count alike.</summary>
public sealed class UnreadVectorTests
{
    private static readonly JsonElement Vectors = JsonElement.Parse(Repository.Read("test/golden/unread-rules.json"));

    public static TheoryData<string> Applied => [.. Names("apply")];

    public static TheoryData<string> Chosen => [.. Names("choose")];

    [Theory]
    [Rule("U3")]
    [Rule("U4")]
    [MemberData(nameof(Applied))]
    public void Apply_GoldenVector_GivesWhatTheClientGets(string name)
    {
        var vector = Vector("apply", name);
        var me = UserId.Of(vector.GetProperty("me").GetString()!);
        var kind = Enum.Parse<ConversationKind>(vector.GetProperty("kind").GetString()!, ignoreCase: true);
        UnreadBasis? basis = Basis(vector.GetProperty("basis"));
        foreach (var change in vector.GetProperty("changes").EnumerateArray())
        {
            basis = basis is null ? null : UnreadRules.Apply(basis, Change(change), me, kind);
        }

        var expected = vector.GetProperty("expected");
        basis.ShouldBe(expected.ValueKind == JsonValueKind.Null ? null : Basis(expected));
    }

    [Theory]
    [Rule("U4")]
    [MemberData(nameof(Chosen))]
    public void Choose_GoldenVector_GivesWhatTheClientGets(string name)
    {
        var vector = Vector("choose", name);
        var (a, b) = (Basis(vector.GetProperty("a")), Basis(vector.GetProperty("b")));
        UnreadRules.Choose(a, b).ShouldBeSameAs(vector.GetProperty("expected").GetString() == "a" ? a : b);
    }

    [Fact]
    public void Vectors_HaveNamesOfTheirOwn()
    {
        Names("apply").ShouldBeUnique();
        Names("choose").ShouldBeUnique();
        Names("apply").Length.ShouldBeGreaterThan(20);
    }

    private static string[] Names(string list) => [.. Vectors.GetProperty(list).EnumerateArray().Select(vector => vector.GetProperty("name").GetString()!)];

    private static JsonElement Vector(string list, string name) =>
        Vectors.GetProperty(list).EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);

    private static UnreadBasis Basis(JsonElement json) => new()
    {
        ReadSeq = json.GetProperty("readSeq").GetInt64(),
        Unread = json.GetProperty("unread").GetInt64(),
        Mentions = json.GetProperty("mentions").GetInt64(),
        Rev = json.GetProperty("rev").GetInt64(),
        ReadVersion = json.GetProperty("readVersion").GetInt64(),
    };

    private static ConversationChange Change(JsonElement json) => new()
    {
        Rev = json.GetProperty("rev").GetInt64(),
        Posted = json.TryGetProperty("message", out var message) ? Message(json.GetProperty("rev").GetInt64(), message) : null,
    };

    private static Message Message(long rev, JsonElement json) => new()
    {
        Seq = json.GetProperty("seq").GetInt64(),
        Rev = rev,
        Kind = Enum.Parse<MessageKind>(json.GetProperty("kind").GetString()!, ignoreCase: true),
        AuthorId = UserId.Of(json.GetProperty("author").GetProperty("userId").GetString()!),
        AuthorName = "somebody",
        ClientId = Guid.Empty,
        Text = string.Empty,
        Time = DateTimeOffset.UnixEpoch,
        Fact = json.TryGetProperty("fact", out var fact)
            ? new SystemFact
            {
                Kind = Enum.Parse<SystemFactKind>(fact.GetProperty("kind").GetString()!, ignoreCase: true),
                Targets = [.. fact.GetProperty("targets").EnumerateArray().Select(target => UserId.Of(target.GetString()!))],
            }
            : null,
    };
}
