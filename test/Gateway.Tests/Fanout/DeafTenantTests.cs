using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Fanout;

/// <summary>A tenant's subscription that is gone is made anew: repair alone would do, but seconds late.</summary>
public sealed class DeafTenantTests
{
    private const int DeafAfterRepairs = 3;

    private static readonly TimeSpan RepairInterval = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    [Rule("M13")]
    public async Task Tenant_WhoseSubscriptionIsGone_HearsEventsAgainAfterSomeRepairs()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            Time = _time,
            Settings =
            [
                $"--Fanout:RepairInterval={RepairInterval}", "--Fanout:RepairGrace=00:00:00", $"--Fanout:DeafAfterRepairs={DeafAfterRepairs}",
                "--Limits:CallTimeout=00:01:00", "--Sockets:BlockedTimeout=00:01:00",
            ],
        });
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "by the stream"); // Time stands still: nothing is repaired.
        await bob.SeesAsync(conversation, "by the stream");

        await LosesSubscriptionAsync(chat);
        for (var i = 1; !IsHeardAnew(chat); i++)
        {
            await ann.SendsAsync(conversation, $"by repair {i}");
            await _time.AdvanceUntilAsync(RepairInterval, () => bob.Seen(conversation).Contains($"by repair {i}"), $"message {i} was not repaired");
            i.ShouldBeLessThan(10 * DeafAfterRepairs, "the tenant is not listened to anew");
        }

        chat.Logs.Lines.TakeWhile(line => !line.Contains("OrleansChat.Gateway.Fanout.RepairLoop 5108:", StringComparison.Ordinal))
            .Count(line => line.Contains("OrleansChat.Gateway.Fanout.RepairLoop 5105:", StringComparison.Ordinal))
            .ShouldBe(DeafAfterRepairs);

        await ann.SendsAsync(conversation, "by the stream again");
        await bob.SeesAsync(conversation, "by the stream again");
    }

    private static bool IsHeardAnew(ChatServer chat) => chat.Logs.Lines.Count(line => line.Contains("TenantFeeds 5101:", StringComparison.Ordinal)) > 1;

    /// <summary>Behind the gateway's back.</summary>
    private static async Task LosesSubscriptionAsync(ChatServer chat)
    {
        var messages = chat.Services.GetRequiredService<IGrainLink>().Client.GetStreamProvider(TenantStreams.Provider)
            .GetStream<ConversationAppended>(TenantStreams.Messages(TenantId.Of(Helpdesk.Tenant), 0));
        var subscriptions = await messages.GetAllSubscriptionHandles();
        await subscriptions.ShouldHaveSingleItem().UnsubscribeAsync();
    }
}
