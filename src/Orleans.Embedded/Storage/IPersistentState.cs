using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>A stored record of the grain that takes it as a constructor argument with <see cref="PersistentStateAttribute"/>. It is read before OnActivateAsync.</summary>
public interface IPersistentState<TState> : IStorage<TState>;
