using System.Collections.Immutable;
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
        MutedFrom = Time(json, "mutedFrom"),
        MutedUntil = Time(json, "mutedUntil"),
    };

    private static DateTimeOffset? Time(JsonElement json, string name) => json.TryGetProperty(name, out var time) ? time.GetDateTimeOffset() : null;

    private static ConversationChange Change(JsonElement json) => new()
    {
        Rev = json.GetProperty("rev").GetInt64(),
        Posted = json.TryGetProperty("message", out var message) ? Message(json.GetProperty("rev").GetInt64(), message) : null,
        Edited = json.TryGetProperty("edited", out var edited)
            ? new MessageEdited
            {
                Seq = edited.GetProperty("seq").GetInt64(),
                AuthorId = UserId.Of(edited.GetProperty("authorId").GetString()!),
                Version = 2,
                Text = string.Empty,
                EditedAt = DateTimeOffset.UnixEpoch,
                PostedAt = edited.GetProperty("postedAt").GetDateTimeOffset(),
                Before = Mentions(edited, "mentionsBefore"),
                After = Mentions(edited, "mentions"),
            }
            : null,
        Deleted = json.TryGetProperty("deleted", out var deleted)
            ? new MessageDeleted
            {
                Seq = deleted.GetProperty("seq").GetInt64(),
                AuthorId = UserId.Of(deleted.GetProperty("authorId").GetString()!),
                DeletedAt = DateTimeOffset.UnixEpoch,
                PostedAt = deleted.GetProperty("postedAt").GetDateTimeOffset(),
                Before = Mentions(deleted, "mentionsBefore"),
            }
            : null,
        Reacted = json.TryGetProperty("reacted", out var reacted)
            ? new ReactionChanged
            {
                Seq = reacted.GetProperty("seq").GetInt64(),
                UserId = UserId.Of(reacted.GetProperty("userId").GetString()!),
                Emoji = reacted.GetProperty("emoji").GetString()!,
                Added = reacted.GetProperty("added").GetBoolean(),
                Count = reacted.GetProperty("count").GetInt32(),
                Users = [],
            }
            : null,
    };

    private static MentionSet? Mentions(JsonElement json, string name) => json.TryGetProperty(name, out var mentions)
        ? new MentionSet
        {
            Users = Users(mentions, "users"),
            All = mentions.TryGetProperty("all", out var all) && all.GetBoolean(),
            Here = Users(mentions, "here"),
        }
        : null;

    private static ImmutableArray<UserId> Users(JsonElement json, string name) =>
        json.TryGetProperty(name, out var users) ? [.. users.EnumerateArray().Select(user => UserId.Of(user.GetString()!))] : [];

    private static Message Message(long rev, JsonElement json) => new()
    {
        Seq = json.GetProperty("seq").GetInt64(),
        Rev = rev,
        Kind = Enum.Parse<MessageKind>(json.GetProperty("kind").GetString()!, ignoreCase: true),
        AuthorId = UserId.Of(json.GetProperty("author").GetProperty("userId").GetString()!),
        AuthorName = "somebody",
        ClientId = Guid.Empty,
        Text = string.Empty,
        Time = Time(json, "time") ?? DateTimeOffset.UnixEpoch,
        Mentions = Mentions(json, "mentions"),
        Fact = json.TryGetProperty("fact", out var fact)
            ? new SystemFact
            {
                Kind = Enum.Parse<SystemFactKind>(fact.GetProperty("kind").GetString()!, ignoreCase: true),
                Targets = [.. fact.GetProperty("targets").EnumerateArray().Select(target => UserId.Of(target.GetString()!))],
            }
            : null,
    };
}
