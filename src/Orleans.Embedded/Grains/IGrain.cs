using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain interface derives from.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain interface whose grains are named by a text. The only kind of key this engine knows.</summary>
public interface IGrainWithStringKey : IGrain;
