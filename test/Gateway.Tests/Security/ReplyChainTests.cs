using System.Text.Json;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Messages each of which answers the one before, very many.</summary>
public sealed class ReplyChainTests
{
    private const int Length = 10_000;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Rule("M11")]
    public async Task History_OfAChainOf10000Replies_QuotesOneDeepAndAnswersSoon()
    {
        await using var office = await Office.OpenAsync();
        var group = await office.HasGroupAsync();
        var first = await office.PostsAsync(office.Acme, group, "ann");
        var last = first;
        for (var reply = 1; reply < Length; reply++)
        {
            last = await office.PostsAsync(office.Acme, group, "ann", last);
        }

        last.ShouldBe(first + Length - 1);
        var bob = await office.SignsInAsync("bob");
        await PageAsync(1); // The first reading of all opens what the others find open.
        foreach (var seq in (long[])[first, first + 1, last / 2, last - 1, last])
        {
            var (page, took) = await PageAsync(seq);
            took.ShouldBeLessThan(Soon, $"around {seq}");
            page.GetArrayLength().ShouldBeGreaterThanOrEqualTo(100);
            foreach (var message in page.EnumerateArray().Where(message => message.GetProperty("seq").GetInt64() > first))
            {
                if (message.GetProperty("kind").GetString() == "text")
                {
                    var quote = message.GetProperty("replyTo");
                    quote.GetProperty("seq").GetInt64().ShouldBe(message.GetProperty("seq").GetInt64() - 1);
                    quote.TryGetProperty("replyTo", out _).ShouldBeFalse("one deep");
                }
            }
        }

        async Task<(JsonElement Page, TimeSpan Took)> PageAsync(long seq)
        {
            var began = TimeProvider.System.GetTimestamp();
            var answer = await bob.CallsAsync("History", new { conversationId = group, anchor = "around", seq, limit = 200 });
            return (answer.GetProperty("messages"), TimeProvider.System.GetElapsedTime(began));
        }
    }
}
