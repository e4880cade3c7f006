using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A kind of streams, registered as a keyed service by its name.</summary>
public interface IStreamProvider
{
    /// <summary>The name.</summary>
    string Name { get; }

    /// <summary>Whether old events can be read again. Never here.</summary>
    bool IsRewindable { get; }

    /// <summary>The stream of this name.</summary>
    /// <typeparam name="T">The type of its events, the same for all who use the stream.</typeparam>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}
