using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace OrleansChat.Hosting;

/// <summary>
/// Mutual TLS for Orleans' connections: both sides show a certificate that the cluster's own authority issued. Names in
/// certificates are not compared, silos come and go by address; who has a certificate of this authority belongs to the cluster.
/// </summary>
public sealed class ClusterTls
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private readonly SslStreamCertificateContext _own;
    private readonly X509ChainPolicy _chain;

    /// <summary>Reads the files.</summary>
    /// <exception cref="StartException">A file cannot be used.</exception>
    public ClusterTls(ClusterTlsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var files = settings.Load();
        _own = SslStreamCertificateContext.Create(files.Own, files.Intermediates, offline: true);
        _chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // Nobody unknown makes this process fetch what their certificate names.
        };
        _chain.CustomTrustStore.AddRange(files.Authorities);
    }

    /// <summary>Encrypts connections that others open.</summary>
    public void UseServer(IConnectionBuilder connections) => connections.Use(next => connection => RunAsync(connection, next, AsServerAsync));

    /// <summary>Encrypts connections that this process opens.</summary>
    public void UseClient(IConnectionBuilder connections) => connections.Use(next => connection => RunAsync(connection, next, AsClientAsync));

    private Task AsServerAsync(SslStream stream, CancellationToken cancellationToken) => stream.AuthenticateAsServerAsync(
        new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _own,
            ClientCertificateRequired = true,
            CertificateChainPolicy = _chain.Clone(),
            RemoteCertificateValidationCallback = IsOfTheCluster,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        },
        cancellationToken);

    private Task AsClientAsync(SslStream stream, CancellationToken cancellationToken) => stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = "orleans-chat",
            ClientCertificateContext = _own,
            CertificateChainPolicy = _chain.Clone(),
            RemoteCertificateValidationCallback = IsOfTheCluster,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        },
        cancellationToken);

    /// <summary>The chain ends at the cluster's authority; the name may be any.</summary>
    private static bool IsOfTheCluster(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = connection.Transport;
        var stream = new SslStream(new DuplexStream(plain));
        await using (stream.ConfigureAwait(false))
        {
            using (var impatient = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
            {
                impatient.CancelAfter(HandshakeTimeout);
                await authenticate(stream, impatient.Token).ConfigureAwait(false);
            }

            connection.Transport = new StreamPipe(stream);
            try
            {
                await next(connection).ConfigureAwait(false);
            }
            finally
            {
                connection.Transport = plain;
            }
        }
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>Both directions of a transport as the one stream that <see cref="SslStream"/> wants.</summary>
    private sealed class DuplexStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream _input = pipe.Input.AsStream(leaveOpen: true);
        private readonly Stream _output = pipe.Output.AsStream(leaveOpen: true);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            _input.ReadAsync(buffer, offset, count, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            _output.WriteAsync(buffer, offset, count, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override void Flush() => _output.Flush();

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
