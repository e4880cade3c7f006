using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Embedded.Diagnostics;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>The streams of one name. A stream without subscribers takes no memory and costs a look-up to publish to.</summary>
internal sealed class MemoryStreamProvider(string name, MemoryStreamOptions options, EmbeddedInstruments instruments, ILogger logger) : IStreamProvider
{
    private readonly ConcurrentDictionary<StreamId, Topic> _topics = new();

    public string Name => name;

    public bool IsRewindable => false;

    internal MemoryStreamOptions Options => options;

    internal EmbeddedInstruments Instruments => instruments;

    internal ILogger Logger => logger;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    internal Topic? Find(StreamId streamId) => _topics.GetValueOrDefault(streamId);

    internal void Add(Subscription subscription)
    {
        while (!_topics.GetOrAdd(subscription.TopicId, static _ => new Topic()).TryAdd(subscription))
        {
            // The topic was just removed as empty; the next one is new.
        }
    }

    internal void Remove(Subscription subscription)
    {
        if (_topics.TryGetValue(subscription.TopicId, out var topic) && topic.RemoveAndCloseIfEmpty(subscription))
            _topics.TryRemove(new(subscription.TopicId, topic));
    }
}
