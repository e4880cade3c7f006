using System.Net;

namespace OrleansChat.Load.Servers;

/// <summary>What sockets are opened to, and what it costs.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>True when it, or a part of it, has ended by itself.</summary>
    bool HasEnded { get; }

    /// <summary>What it last said, for a report of a failure.</summary>
    string LastWords { get; }

    /// <summary>Where a session connects.</summary>
    IPEndPoint AddressOf(int session);

    /// <summary>CPU-seconds used so far.</summary>
    double CpuSeconds();

    /// <summary>Resident bytes now.</summary>
    long ResidentBytes();
}
