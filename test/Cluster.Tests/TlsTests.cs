using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansChat.Cluster.Tests;

/// <summary>With mutual TLS the cluster works as without, and nobody else gets in.</summary>
public sealed class TlsTests
{
    private const string NoSilo = "No silo can be reached";
    private const string ActiveSilos = "select count(*) from orleansmembershiptable where status = 3";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Cluster_WithMutualTls_TalksAndLetsNobodyElseIn()
    {
        using var folder = new TempFolder();
        var own = new ClusterCertificates(folder.File("own"));
        var foreign = new ClusterCertificates(folder.File("foreign"));
        await using var run = await ClusterRun.StartAsync(
            new CrowdPlan { Users = 20, Conversations = 4, PerSecond = 20 }, new ClusterPlan { Silos = 2, Settings = own.Settings });
        await run.TalkAsync(TimeSpan.FromSeconds(3));
        var active = await run.Database.ScalarAsync<long>(ActiveSilos);

        foreach (var port in run.Cluster.Silos[0].Ports)
        {
            (await ListensAsync(port, own.Load(), TimeSpan.FromSeconds(1))).ShouldBeTrue("a member of the cluster");
            (await ListensAsync(port, foreign.Load(), Patience)).ShouldBeFalse("another authority");
            (await ListensAsync(port, null, Patience)).ShouldBeFalse("no certificate");
        }

        await Task.WhenAll(
            StaysOutAsync(run.Cluster.GatewayStart("foreign-gateway", foreign.Settings)),
            StaysOutAsync(run.Cluster.GatewayStart("plain-gateway", new Dictionary<string, string>())));
        await using (ProgramProcess.Launch(run.Cluster.SiloStart("foreign-silo", foreign.Settings)))
        {
            // Long enough for a silo to be in: the cluster's own took less to start.
            await run.AcksAsync(200);
            (await run.Database.ScalarAsync<long>(ActiveSilos)).ShouldBe(active);
        }

        await run.EndAsync();
        run.Cluster.UnexpectedEnds.ShouldBeEmpty();
        run.IsWell();
    }

    [Fact]
    public async Task Silo_OnAPublicAddressWithTls_IsNotRefusedForIt()
    {
        await using var database = await ClusterDatabase.StartAsync();
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string>(new ClusterCertificates(folder.Path).Settings)
        {
            ["Store:ConnectionString"] = database.ConnectionString,
            ["Silo:Address"] = "192.0.2.1", // For documentation: no machine has it, so that it cannot be listened on.
            ["Silo:Port"] = FreePorts.Next().ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = FreePorts.Next().ToString(CultureInfo.InvariantCulture),
            ["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"),
        };

        var (exitCode, _, errors) = await ProgramProcess.RunAsync(new ProgramStart("Silo", "public", database.Folder, settings, ""));

        exitCode.ShouldBe(1);
        var line = errors.TrimEnd().Split('\n').ShouldHaveSingleItem(errors);
        line.ShouldNotContain("Cluster:Tls");
        line.ShouldContain("192.0.2.1");
        database.IsWell = true;
    }

    /// <summary>A gateway that reaches no silo goes on trying, and does not serve.</summary>
    private static async Task StaysOutAsync(ProgramStart start)
    {
        await using var gateway = ProgramProcess.Launch(start);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await gateway.WritesAsync(NoSilo).WaitAsync(Patience);
        }

        gateway.Ended.IsCompleted.ShouldBeFalse();
        using var http = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new Uri(start.Settings["Urls"] + "/health/ready")));
    }

    /// <summary>Whether a silo's port still waits, after so long, for what a connection with this certificate has to say.</summary>
    private static async Task<bool> ListensAsync(int port, X509Certificate2? certificate, TimeSpan patience)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "orleans-chat",
                ClientCertificates = certificate is null ? [] : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = (_, silo, _, _) => silo is not null, // Whom the silo believes is the question.
            });

            // In TLS 1.3 the refusal comes after the client's handshake; a silo that agrees says or waits for a preamble.
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(patience) == 1;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
