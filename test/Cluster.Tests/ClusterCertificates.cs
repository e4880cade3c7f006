using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansChat.Cluster.Tests;

/// <summary>An authority of a test's own and a certificate that it issued, as PEM files.</summary>
internal sealed class ClusterCertificates
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddMinutes(-5);

    private readonly string _folder;

    internal ClusterCertificates(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Authority of a test", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(Begin, Begin.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Member of a cluster", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        using var certificate = request.Create(authority, Begin, Begin.AddDays(1), RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(PathOf("authority.pem"), authority.ExportCertificatePem());
        File.WriteAllText(PathOf("certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>For silos and gateways.</summary>
    internal IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Cluster:Tls:Certificate"] = PathOf("certificate.pem"),
        ["Cluster:Tls:Key"] = PathOf("key.pem"),
        ["Cluster:Tls:Authority"] = PathOf("authority.pem"),
    };

    /// <summary>The certificate with its key.</summary>
    internal X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(PathOf("certificate.pem"), PathOf("key.pem"));

    private string PathOf(string file) => Path.Combine(_folder, file);
}
