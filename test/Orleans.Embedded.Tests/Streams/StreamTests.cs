using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Embedded.Streams;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Streams;

/// <summary>Publishing never waits; each subscriber has its own pace, its own faults and the stream's order.</summary>
public sealed class StreamTests
{
    private static readonly StreamId Tenant = StreamId.Create("tenant", "acme");

    [Fact]
    public async Task Publish_SubscribersOfThatStreamOnly_GetTheEventsInOrder()
    {
        await using var host = await TestHost.StartAsync();
        var (first, second, other) = (new Collector(), new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        await stream.SubscribeAsync(first);
        await stream.SubscribeAsync(second);
        await host.Streams.GetStream<int>(StreamId.Create("tenant", "umbrella")).SubscribeAsync(other);
        for (var i = 0; i < 2_000; i++)
            stream.OnNextAsync(i).IsCompletedSuccessfully.ShouldBeTrue();
        await first.HasAsync(2_000);
        await second.HasAsync(2_000);
        first.Items.ShouldBe(Enumerable.Range(0, 2_000));
        second.Items.ShouldBe(first.Items);
        other.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_FromManyThreads_AllSubscribersSeeOneOrder()
    {
        await using var host = await TestHost.StartAsync();
        var (first, second) = (new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        await stream.SubscribeAsync(first);
        await stream.SubscribeAsync(second);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await host.Streams.GetStream<int>(Tenant).OnNextAsync((thread * 500) + i);
        })));
        await first.HasAsync(2_000);
        await second.HasAsync(2_000);
        second.Items.ShouldBe(first.Items);
        first.Tokens.ShouldBeInOrder(SortDirection.Ascending, Comparer<StreamSequenceToken>.Create(static (left, right) => left.CompareTo(right)));
    }

    [Fact]
    public async Task PublishBatch_EventsArriveInOrderWithRisingTokens()
    {
        await using var host = await TestHost.StartAsync();
        var collector = new Collector();
        var stream = host.Streams.GetStream<int>(Tenant);
        await stream.SubscribeAsync(collector);
        await stream.OnNextBatchAsync([1, 2, 3]);
        await stream.OnNextAsync(4);
        await collector.HasAsync(4);
        collector.Tokens.Select(static token => (token.SequenceNumber, token.EventIndex)).ShouldBe([(1, 0), (1, 1), (1, 2), (2, 0)]);
    }

    [Fact]
    public async Task SlowSubscriber_LosesTheOldestAndHarmsNobody()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Services.Configure<MemoryStreamOptions>("memory", options => options.SubscriberQueueMax = 10));
        using var dropped = host.Count("orleans_embedded.stream.events.dropped");
        var (slow, fast) = (new Collector(), new Collector());
        var gate = new TaskCompletionSource();
        var began = new TaskCompletionSource();
        var stream = host.Streams.GetStream<int>(Tenant);
        await stream.SubscribeAsync(async (item, token) =>
        {
            began.TrySetResult();
            await gate.Task;
            await slow.OnNextAsync(item, token);
        });
        await stream.SubscribeAsync(fast);
        await stream.OnNextAsync(0);
        await began.Task.SoonAsync();
        for (var i = 1; i <= 100; i++)
        {
            await stream.OnNextAsync(i);
            await fast.HasAsync(i + 1);
        }

        gate.SetResult();
        await slow.HasAsync(11);
        slow.Items.ShouldBe([0, .. Enumerable.Range(91, 10)]);
        dropped.Value.ShouldBe(90);
    }

    [Fact]
    public async Task ThrowingSubscriber_IsToldGoesOnAndHarmsNobody()
    {
        await using var host = await TestHost.StartAsync();
        var (errors, good) = (new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        await stream.SubscribeAsync(
            static (item, _) => throw new InvalidOperationException($"{item}"),
            error => errors.OnNextAsync(int.Parse(error.Message, null)));
        await stream.SubscribeAsync(static (_, _) => throw new InvalidOperationException(), static _ => throw new InvalidOperationException());
        await stream.SubscribeAsync(good);
        await stream.OnNextBatchAsync([1, 2, 3]);
        await errors.HasAsync(3);
        await good.HasAsync(3);
        errors.Items.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Unsubscribe_NoFurtherEventsArrive()
    {
        await using var host = await TestHost.StartAsync();
        var (left, stays) = (new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        var handle = await stream.SubscribeAsync(left);
        await stream.SubscribeAsync(stays);
        await stream.OnNextAsync(1);
        await left.HasAsync(1);
        await handle.UnsubscribeAsync();
        await handle.UnsubscribeAsync();
        await stream.OnNextAsync(2);
        await stays.HasAsync(2);
        left.Items.ShouldBe([1]);
        (await stream.GetAllSubscriptionHandles()).Count.ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(() => handle.ResumeAsync(left));
    }

    [Fact]
    public async Task Unsubscribe_WhileEventsWait_TheyAreNotDelivered()
    {
        await using var host = await TestHost.StartAsync();
        var gate = new TaskCompletionSource();
        var (began, collector, after) = (new TaskCompletionSource(), new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        var handle = await stream.SubscribeAsync(async (item, token) =>
        {
            began.TrySetResult();
            await gate.Task;
            await collector.OnNextAsync(item, token);
        });
        await stream.OnNextBatchAsync([1, 2, 3]);
        await began.Task.SoonAsync();
        await handle.UnsubscribeAsync();
        gate.SetResult();
        await collector.HasAsync(1);
        await stream.SubscribeAsync(after);
        await stream.OnNextAsync(4);
        await after.HasAsync(1);
        collector.Items.ShouldBe([1]);
    }

    [Fact]
    public async Task Resume_DeliversToTheNewObserverUnderTheSameHandle()
    {
        await using var host = await TestHost.StartAsync();
        var (before, after) = (new Collector(), new Collector());
        var stream = host.Streams.GetStream<int>(Tenant);
        var handle = await stream.SubscribeAsync(before);
        await stream.OnNextAsync(1);
        await before.HasAsync(1);
        var resumed = await (await stream.GetAllSubscriptionHandles()).Single().ResumeAsync(after);
        resumed.ShouldBe(handle);
        await stream.OnNextAsync(2);
        await after.HasAsync(1);
        before.Items.ShouldBe([1]);
        after.Items.ShouldBe([2]);
    }

    [Fact]
    public async Task Publish_OfAnotherType_IsDroppedAndCounted()
    {
        await using var host = await TestHost.StartAsync();
        using var dropped = host.Count("orleans_embedded.stream.events.dropped");
        var collector = new Collector();
        await host.Streams.GetStream<int>(Tenant).SubscribeAsync(collector);
        await host.Streams.GetStream<string>(Tenant).OnNextAsync("text");
        await host.Streams.GetStream<int>(Tenant).OnNextAsync(1);
        await collector.HasAsync(1);
        dropped.Value.ShouldBe(1);
    }

    [Fact]
    public async Task GrainSubscriber_GetsEventsInItsTurnsUntilItsActivationEnds()
    {
        await using var host = await TestHost.StartAsync();
        var stream = host.Streams.GetStream<int>(StreamId.Create("to-grains", "one"));
        var grain = host.Grain<ISubscriberGrain>();
        await grain.SubscribeAsync();
        await stream.OnNextBatchAsync([1, 2, 3]);
        await host.Journal.SeesAsync("got 3 in a turn");
        host.Journal.Entries.ShouldBe(["got 1 in a turn", "got 2 in a turn", "got 3 in a turn"]);
        (await stream.GetAllSubscriptionHandles()).ShouldBeEmpty("the client has none of its own");
        await host.CollectsAsync();
        await stream.OnNextAsync(4);
        (await grain.HandlesAsync()).ShouldBe(0);
        host.Journal.Entries.Count.ShouldBe(3);
    }

    [Fact]
    public async Task GrainPublisher_ReachesTheClient()
    {
        await using var host = await TestHost.StartAsync();
        var collector = new Collector();
        await host.Streams.GetStream<int>(Tenant).SubscribeAsync(collector);
        await host.Grain<ISubscriberGrain>().PublishAsync(7);
        await collector.HasAsync(1);
        collector.Items.ShouldBe([7]);
    }

    [Fact]
    public async Task Provider_IsAKeyedServiceAndAnUnknownNameIsAClearException()
    {
        await using var host = await TestHost.StartAsync();
        host.Services.GetRequiredKeyedService<IStreamProvider>("memory").ShouldBeSameAs(host.Streams);
        Should.Throw<KeyNotFoundException>(() => host.Client.GetStreamProvider("other")).Message.ShouldBe("Stream provider 'other' not found");
    }

    private sealed class Collector : IAsyncObserver<int>
    {
        private readonly object _gate = new();
        private readonly List<int> _items = [];
        private readonly List<StreamSequenceToken> _tokens = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Items
        {
            get
            {
                lock (_gate)
                    return [.. _items];
            }
        }

        public IReadOnlyList<StreamSequenceToken> Tokens => _tokens;

        public Task OnNextAsync(int item, StreamSequenceToken? token = null)
        {
            lock (_gate)
            {
                _items.Add(item);
                if (token is not null)
                    _tokens.Add(token);
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return Task.CompletedTask;
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

        public async Task HasAsync(int count)
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_items.Count >= count)
                        return;
                    changed = _changed.Task;
                }

                await changed.SoonAsync();
            }
        }
    }
}

internal interface ISubscriberGrain : IGrainWithStringKey
{
    Task SubscribeAsync();

    Task<int> HandlesAsync();

    Task PublishAsync(int item);
}

internal sealed class SubscriberGrain(Journal journal) : Grain, ISubscriberGrain
{
    private IAsyncStream<int> Stream => this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("to-grains", this.GetPrimaryKeyString()));

    public async Task SubscribeAsync()
    {
        var mine = TaskScheduler.Current;
        await Stream.SubscribeAsync(async (item, _) =>
        {
            await Task.Yield();
            journal.Write($"got {item} {(TaskScheduler.Current == mine ? "in a turn" : "elsewhere")}");
        });
    }

    public async Task<int> HandlesAsync() => (await Stream.GetAllSubscriptionHandles()).Count;

    public Task PublishAsync(int item) =>
        this.GetStreamProvider("memory").GetStream<int>(StreamId.Create("tenant", "acme")).OnNextAsync(item);
}
