namespace Orleans.Runtime;

/// <summary>Something calls can be addressed to: a grain, or a reference to one.</summary>
public interface IAddressable;
