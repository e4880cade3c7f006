namespace Orleans.Embedded.Hosting;

/// <summary>Where the host is on its way; it only ever moves down this list.</summary>
internal enum SiloStatus
{
    Created,
    Running,
    Stopping,
    Stopped,
}
