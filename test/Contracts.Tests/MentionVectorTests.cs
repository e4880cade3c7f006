using System.Text.Json;
using OrleansChat.Grains.Conversations;
using OrleansChat.Testing;

namespace OrleansChat.Contracts.Tests;

/// <summary>The golden vectors that the web client runs too: it shows as a mention what is one, and as code what is code.</summary>
public sealed class MentionVectorTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonElement.Parse(Repository.Read("test/golden/mention-text.json")).GetProperty("vectors").EnumerateArray()];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Vectors.Length)];

    [Theory]
    [Rule("N1")]
    [Rule("N3")]
    [MemberData(nameof(All))]
    public void Of_GoldenVector_MentionsWhomTheClientShows(int index)
    {
        var vector = Vectors[index];

        var mentions = MentionText.Of(vector.GetProperty("text").GetString()!);

        mentions.Users.Select(user => user.Value).ShouldBe(vector.GetProperty("users").EnumerateArray().Select(user => user.GetString()!));
        mentions.All.ShouldBe(vector.TryGetProperty("all", out _));
        mentions.Here.ShouldBe(vector.TryGetProperty("here", out _));
    }
}
