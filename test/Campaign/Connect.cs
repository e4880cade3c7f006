namespace OrleansChat.Campaign;

/// <summary>A client had connected and caught up.</summary>
/// <param name="T">When, as in the history.</param>
/// <param name="Gateway">Where.</param>
public readonly record struct Connect(long T, Uri Gateway);
