namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// The gateway's way to the grains and their events. The client behind it may be replaced by a fresh one at any time: use
/// it, and grains made by it, for one call.
/// </summary>
internal interface IGrainLink
{
    IClusterClient Client { get; }
}
