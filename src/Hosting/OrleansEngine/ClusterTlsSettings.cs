using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansChat.Hosting;

/// <summary>Mutual TLS between silos, and between gateways and silos (section <c>Cluster:Tls</c>): all three files or none.</summary>
public sealed class ClusterTlsSettings
{
    private const string Section = ClusterSettings.Section + ":Tls";

    /// <summary>PEM file with this process's certificate, and intermediate ones after it.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with its private key.</summary>
    public string? Key { get; set; }

    /// <summary>PEM file with the authority that issued the certificates of the cluster; no other is believed.</summary>
    public string? Authority { get; set; }

    /// <summary>Whether connections are encrypted and both sides are known.</summary>
    public bool Enabled => Certificate is not null;

    /// <summary>The files, read.</summary>
    /// <exception cref="StartException">A file cannot be used.</exception>
    internal (X509Certificate2 Own, X509Certificate2Collection Intermediates, X509Certificate2Collection Authorities) Load()
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Authority!);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(Certificate!);
            return (X509Certificate2.CreateFromPemFile(Certificate!, Key), [.. chain.Skip(1)], authorities);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new StartException($"The files of {Section} cannot be used: {exception.Message}", exception);
        }
    }

    internal void Validate()
    {
        (string Option, string? Value)[] files = [(nameof(Certificate), Certificate), (nameof(Key), Key), (nameof(Authority), Authority)];
        if (files.Any(file => file.Value is not null) && Array.Find(files, file => string.IsNullOrWhiteSpace(file.Value)) is { Option: { } missing })
        {
            throw new StartException($"{Section}:{missing} is empty; {Section} needs Certificate, Key and Authority.");
        }
    }
}
