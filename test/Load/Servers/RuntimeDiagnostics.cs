using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>
/// Asks another .NET process for a full garbage collection, over its diagnostics socket (dotnet/diagnostics, "IPC
/// protocol": every .NET process has one, named by its id and start, and leaves it behind when it is killed). Memory
/// after it is what is held, not what was left lying since the last one.
/// </summary>
internal sealed class RuntimeDiagnostics(ProcessTree process)
{
    private const string Magic = "DOTNET_IPC_V1\0";
    private const int HeaderBytes = 20;
    private const byte EventPipeCommands = 0x02;
    private const byte CollectTracing = 0x02;
    private const byte ServerOk = 0x00;
    private const uint BufferMiB = 16;
    private const uint NetTraceFormat = 1;
    private const ulong GCHeapCollectKeyword = 0x800000;
    private const uint InformationalLevel = 4;
    private const string RuntimeProvider = "Microsoft-Windows-DotNETRuntime";
    private static readonly TimeSpan CollectionTime = TimeSpan.FromSeconds(2);

    internal async Task CollectAsync(CancellationToken cancellationToken)
    {
        var path = SocketOf(process.Root, process.StartTicks);
        if (!File.Exists(path))
        {
            throw new LoadException($"Process {process.Root} has no diagnostics socket {path} (has it ended, or is DOTNET_EnableDiagnostics=0 set?).");
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        await socket.SendAsync(Request(), cancellationToken);
        var answer = new byte[HeaderBytes + sizeof(ulong)];
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[16] != 0xFF || answer[17] != ServerOk)
        {
            throw new LoadException($"Process {process.Root} refused to collect its garbage.");
        }

        // The keyword collects when the session begins; closing the socket ends the session.
        await Task.Delay(CollectionTime, cancellationToken);
    }

    /// <summary>Collects in this process, beside what dead ones with its id might have left behind; fails as that does.</summary>
    internal static async Task CheckItselfAsync(CancellationToken cancellationToken)
    {
        var self = new ProcessTree(Environment.ProcessId);
        string[] dead = [.. Enumerable.Range(1, 20).Select(start => SocketOf(self.Root, start))];
        try
        {
            foreach (var path in dead)
            {
                await File.WriteAllBytesAsync(path, [], cancellationToken);
            }

            await new RuntimeDiagnostics(self).CollectAsync(cancellationToken);
        }
        finally
        {
            foreach (var path in dead)
            {
                File.Delete(path);
            }
        }
    }

    private static string SocketOf(int pid, long? startTicks) => Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-{startTicks}-socket");

    private static byte[] Request()
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.Unicode))
        {
            writer.Write(BufferMiB);
            writer.Write(NetTraceFormat);
            writer.Write(1u); // providers
            writer.Write(GCHeapCollectKeyword);
            writer.Write(InformationalLevel);
            writer.Write((uint)RuntimeProvider.Length + 1);
            writer.Write(Encoding.Unicode.GetBytes(RuntimeProvider + "\0"));
            writer.Write(0u); // no filter
        }

        var body = payload.ToArray();
        var request = new byte[HeaderBytes + body.Length];
        Encoding.ASCII.GetBytes(Magic).CopyTo(request, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(14), (ushort)request.Length);
        request[16] = EventPipeCommands;
        request[17] = CollectTracing;
        body.CopyTo(request, HeaderBytes);
        return request;
    }
}
