using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansChat.Cluster.Tests;

/// <summary>The last value of one series.</summary>
/// <param name="ProcessId">Whose.</param>
/// <param name="Metric">The instrument.</param>
/// <param name="Labels">Its tags as <c>name=value</c>, in order, separated by commas.</param>
internal readonly record struct Series(int ProcessId, string Metric, string Labels);

/// <summary>Receives what silos and gateways count, over OTLP (HTTP and protobuf), and knows the last value of every sum and gauge.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<Series, double> _values = [];
    private readonly Task _running;
    private TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(Uri address)
    {
        Address = address;
        _listener.Prefixes.Add(address.ToString());
        _listener.Start();
        _running = RunAsync();
    }

    internal Uri Address { get; }

    internal static OtlpReceiver Start() => new(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}/")));

    /// <summary>The sum of all series of an instrument that have this label, of one process or of all that ever reported.</summary>
    internal double Sum(string metric, string label = "", int? processId = null)
    {
        lock (_lock)
        {
            return _values.Where(value => value.Key.Metric == metric && value.Key.Labels.Contains(label, StringComparison.OrdinalIgnoreCase)
                && (processId is null || value.Key.ProcessId == processId)).Sum(value => value.Value);
        }
    }

    /// <summary>Waits until something holds; looks whenever a process has reported.</summary>
    internal async Task UntilAsync(Func<OtlpReceiver, bool> holds, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Task received;
            lock (_lock)
            {
                received = _received.Task;
            }

            if (holds(this))
            {
                return;
            }

            await received.WaitAsync(deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
        _listener.Close();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Take(body.ToArray());
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or IOException)
            {
                // The process that reported was killed meanwhile.
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> request)
    {
        TaskCompletionSource received;
        lock (_lock)
        {
            foreach (var resourceMetrics in Fields(request).Where(field => field.Number == 1))
            {
                TakeResource(resourceMetrics.Bytes);
            }

            received = _received;
            _received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        received.TrySetResult();
    }

    private void TakeResource(ReadOnlyMemory<byte> resourceMetrics)
    {
        var attributes = Fields(resourceMetrics).Where(field => field.Number == 1).SelectMany(resource => Labels(resource.Bytes, 1)).ToArray();
        var instance = attributes.Single(attribute => attribute.Key == "service.instance.id").Value;
        var processId = int.Parse(instance[(instance.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
        foreach (var metric in Fields(resourceMetrics).Where(field => field.Number == 2).SelectMany(scope => Fields(scope.Bytes)).Where(field => field.Number == 2))
        {
            const int gauge = 5, sum = 7;
            var fields = Fields(metric.Bytes).ToArray();
            var name = Encoding.UTF8.GetString(fields.First(field => field.Number == 1).Bytes.Span);
            foreach (var point in fields.Where(field => field.Number is gauge or sum).SelectMany(data => Fields(data.Bytes)).Where(field => field.Number == 1 && field.Bytes.Length > 0))
            {
                var labels = string.Join(',', Labels(point.Bytes, 7).Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
                _values[new Series(processId, name, labels)] = ValueOf(point.Bytes);
            }
        }
    }

    private static double ValueOf(ReadOnlyMemory<byte> point)
    {
        const int asDouble = 4, asInt = 6;
        var value = Fields(point).FirstOrDefault(field => field.Number is asDouble or asInt);
        return value.Number == asDouble ? BitConverter.UInt64BitsToDouble(value.Fixed) : (long)value.Fixed;
    }

    /// <summary>Key-value pairs in the fields of this number; values that are no strings are left empty.</summary>
    private static IEnumerable<(string Key, string Value)> Labels(ReadOnlyMemory<byte> message, int number)
    {
        foreach (var pair in Fields(message).Where(field => field.Number == number))
        {
            var fields = Fields(pair.Bytes).ToArray();
            var text = fields.Where(field => field.Number == 2).SelectMany(value => Fields(value.Bytes)).FirstOrDefault(value => value.Number == 1);
            yield return (Encoding.UTF8.GetString(fields.First(field => field.Number == 1).Bytes.Span), Encoding.UTF8.GetString(text.Bytes.Span));
        }
    }

    /// <summary>The fields of a protobuf message, in order.</summary>
    private static List<(int Number, ReadOnlyMemory<byte> Bytes, ulong Fixed)> Fields(ReadOnlyMemory<byte> message)
    {
        const int varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5;
        var fields = new List<(int, ReadOnlyMemory<byte>, ulong)>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var number = (int)(tag >> 3);
            switch ((int)(tag & 7))
            {
                case varint:
                    fields.Add((number, default, Varint(message.Span, ref at)));
                    break;
                case fixed64:
                    fields.Add((number, default, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..])));
                    at += sizeof(ulong);
                    break;
                case bytes:
                    var length = (int)Varint(message.Span, ref at);
                    fields.Add((number, message.Slice(at, length), 0));
                    at += length;
                    break;
                case fixed32:
                    fields.Add((number, default, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..])));
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException("Not protobuf.");
            }
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }

            shift += 7;
        }
    }
}
