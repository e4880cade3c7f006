using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Events are hints: they never fail or delay a post, and what is told is in order.</summary>
public sealed class PublicationTests
{
    [Fact]
    public async Task PostAsync_PublishingFails_IsAnsweredAndTheNextEventComes()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        host.Events.Fails = true;

        (await host.Ann.PostsAsync(conversation, "first")).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(conversation, "second")).Refusal.ShouldBeNull();
        host.Events.Fails = false;
        await host.Ann.PostsAsync(conversation, "third");

        await host.Events.HearsAsync(conversation, 3);
        host.Events.Appended.SelectMany(appended => appended.Changes).Select(change => change.Rev).ShouldBe([3]);
        (await host.Conversation(conversation).AppendedSinceAsync(0, TestContext.Current.CancellationToken))!
            .Changes.Select(change => change.Rev).ShouldBe([1, 2, 3]);
    }

    [Fact]
    [Rule("M13")]
    public async Task PostAsync_PublishingIsSlow_AppendsDoNotWaitAndEventsComeInOrder()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        var gate = host.Events.HoldNext();
        for (var number = 1; number <= 20; number++)
        {
            (await host.Ann.PostsAsync(conversation, $"{number}")).Seq.ShouldBe(number);
        }

        await gate.Reached;
        host.Events.Appended.ShouldBeEmpty();
        gate.Open();

        await host.Events.HearsAsync(conversation, 20);
        var changes = host.Events.Appended.SelectMany(appended => appended.Changes).ToArray();
        changes.Select(change => change.Rev).ShouldBe(Enumerable.Range(1, 20).Select(rev => (long)rev));
        changes.Select(change => change.Posted).ShouldBe(await host.StoredAsync(conversation));
        host.Events.Appended.Count.ShouldBe(2, "what is committed meanwhile goes together");
    }

    [Fact]
    [Rule("M13")]
    public async Task PostAsync_DoubtWhilePublishingIsSlow_NoEventHasAHoleInside()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        var gate = host.Events.HoldNext();
        await host.Ann.PostsAsync(conversation, "1");
        await host.Ann.PostsAsync(conversation, "2");
        host.Log.Next(FaultyMessageLog.FailsAfterWriting);
        (await host.Ann.PostsAsync(conversation, "3")).Seq.ShouldBe(3);
        (await host.Ann.PostsAsync(conversation, "4")).Seq.ShouldBe(4);
        gate.Open();

        await host.Events.HearsAsync(conversation, 4);
        foreach (var appended in host.Events.Appended)
        {
            appended.Changes.Select(change => change.Rev)
                .ShouldBe(Enumerable.Range(0, appended.Changes.Length).Select(i => appended.Changes[0].Rev + i));
        }
    }

    [Fact]
    public async Task PostAsync_RealStream_CarriesEveryChangeOnceInOrder()
    {
        await using var host = await ChatHost.StartAsync(realStreams: true);
        var conversation = host.Ann.With(host.Bob);
        var stream = host.Services.GetRequiredKeyedService<IStreamProvider>(TenantStreams.Provider)
            .GetStream<ConversationAppended>(TenantStreams.Messages(host.Tenant, TenantStreams.ShardOf(conversation, 1)));
        var heard = new List<ConversationChange>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await stream.SubscribeAsync((appended, _) =>
        {
            heard.AddRange(appended.Changes);
            if (heard.Count == 200)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        });

        await host.Ann.PostsManyAsync(conversation, 200);

        await all.Task.WaitAsync(ChatHost.Patience, TestContext.Current.CancellationToken);
        heard.Select(change => change.Posted).ShouldBe(await host.StoredAsync(conversation));
    }
}
