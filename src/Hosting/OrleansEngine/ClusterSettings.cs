using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace OrleansChat.Hosting;

/// <summary>Which cluster a silo or gateway belongs to (section <c>Cluster</c>); the same for all of them.</summary>
public sealed class ClusterSettings
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>Name of the setting <see cref="ConnectionString"/>.</summary>
    public const string ConnectionStringOption = Section + ":ConnectionString";

    private const string StoreConnectionString = "Store:ConnectionString";

    /// <summary>ADO.NET name of Npgsql, which Orleans' providers use.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The database that holds the cluster's membership and Orleans' grain storage; by default the store's.</summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>Silos with the same id form one cluster. 1 to 150 characters.</summary>
    public string ClusterId { get; set; } = "orleans-chat";

    /// <summary>Under which name grain storage keeps what it keeps; must outlive clusters. 1 to 150 characters.</summary>
    public string ServiceId { get; set; } = "orleans-chat";

    /// <summary>Mutual TLS between the cluster's processes.</summary>
    public ClusterTlsSettings Tls { get; set; } = new();

    /// <summary>The cluster as configured.</summary>
    /// <exception cref="StartException">Names the setting that cannot be used.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = configuration.GetSection(Section).Get<ClusterSettings>() ?? new ClusterSettings();
        if (settings.ConnectionString.Length == 0)
        {
            settings.ConnectionString = configuration[StoreConnectionString] ?? string.Empty;
        }

        settings.ConnectionString = Pooled(settings.ConnectionString);
        Named(nameof(ClusterId), settings.ClusterId);
        Named(nameof(ServiceId), settings.ServiceId);
        settings.Tls.Validate();
        return settings;
    }

    /// <summary>Only a loopback or private address may be used without TLS: whoever reaches a silo's ports can call every grain.</summary>
    /// <param name="option">The setting that holds the address.</param>
    /// <param name="address">What to listen on.</param>
    /// <exception cref="StartException">Others than the operator's own network could reach it.</exception>
    public void RequirePrivateOrTls(string option, IPAddress address)
    {
        if (!Tls.Enabled && !PrivateNetwork.Contains(address))
        {
            throw new StartException(
                $"{option} is {address}, which others can reach; without {Section}:Tls it must be a loopback or private address.");
        }
    }

    private static void Named(string option, string value)
    {
        const int Max = 150; // What Orleans' tables hold.
        if (string.IsNullOrWhiteSpace(value) || value.Length > Max)
        {
            throw new StartException($"{Section}:{option} is '{value}'; it must have 1 to {Max} characters.");
        }
    }

    /// <summary>Membership must notice a dead server quickly and never hang on one.</summary>
    private static string Pooled(string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new StartException($"{ConnectionStringOption} and {StoreConnectionString} are empty; one of them must name the PostgreSQL database.");
        }

        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Timeout = 3,
                CommandTimeout = 5,
                KeepAlive = 5,
                MaxPoolSize = 10,
                ApplicationName = "orleans-chat cluster",
            };
            return string.IsNullOrWhiteSpace(parts.Host) ? throw new FormatException() : parts.ConnectionString;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // What the exception says may hold a part of the password.
            throw new StartException($"{ConnectionStringOption} is not a connection string of the form Host=…;Database=…;Username=….");
        }
    }
}
