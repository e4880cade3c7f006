using System.Globalization;
using Npgsql;

namespace OrleansChat.Cluster.Tests;

/// <summary>What a cluster shall consist of.</summary>
internal sealed record ClusterPlan
{
    internal int Silos { get; init; } = 3;

    internal int Gateways { get; init; } = 2;

    /// <summary>The program of the silos: <c>Silo</c>, or one that is a silo with a defect.</summary>
    internal string SiloProgram { get; init; } = "Silo";

    /// <summary>Settings of silos and gateways, such as <c>Cluster:ClusterId</c>.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Stands before the names of its members.</summary>
    internal string Prefix { get; init; } = "";
}

/// <summary>
/// A cluster as operators run it, on one machine: PostgreSQL, silos and gateways as processes of their own, connected by
/// TCP on free ports of the loopback interface, each with a log file. Whatever happens to them is done by the tests.
/// </summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    /// <summary>People type as fast as the test wants them to.</summary>
    private static readonly Dictionary<string, string> Limits = new()
    {
        ["Limits:SendPerSecond"] = "1000000",
        ["Limits:SendBurst"] = "1000000",
        ["Limits:TenantSendPerSecond"] = "1000000",
        ["Limits:HistoryPerSecond"] = "1000000",
        ["Limits:HistoryBurst"] = "1000000",
        ["Limits:ConnectsPerMinute"] = "1000000",
        ["Limits:FailedHandshakesPerMinute"] = "1000000",
    };

    private readonly ClusterPlan _plan;
    private readonly List<ClusterMember> _silos = [];
    private readonly List<ClusterMember> _gateways = [];

    private ClusterUnderTest(ClusterPlan plan, ClusterDatabase database, OtlpReceiver metrics) => (_plan, Database, Metrics) = (plan, database, metrics);

    internal ClusterDatabase Database { get; }

    /// <summary>What silos and gateways count.</summary>
    internal OtlpReceiver Metrics { get; }

    internal IReadOnlyList<ClusterMember> Silos => _silos;

    internal IReadOnlyList<ClusterMember> Gateways => _gateways;

    internal IReadOnlyList<Uri> GatewayAddresses => [.. _gateways.Select(gateway => gateway.Address)];

    internal IEnumerable<UnexpectedEnd> UnexpectedEnds => _silos.Concat(_gateways).SelectMany(member => member.UnexpectedEnds);

    /// <summary>How many conversations are active on a silo, by what it counted a moment ago.</summary>
    internal double ConversationsOf(ClusterMember silo) => Metrics.Sum("orleans-grains", "conversation", silo.ProcessId);

    internal double CpuSeconds => _silos.Concat(_gateways).Sum(member => member.CpuSeconds);

    internal static async Task<ClusterUnderTest> StartAsync(ClusterDatabase database, ClusterPlan plan)
    {
        var cluster = new ClusterUnderTest(plan, database, OtlpReceiver.Start());
        try
        {
            for (var number = 0; number < plan.Silos; number++)
            {
                cluster._silos.Add(cluster.CreateSilo());
            }

            for (var number = 1; number <= plan.Gateways; number++)
            {
                cluster._gateways.Add(cluster.CreateGateway(number));
            }

            await Task.WhenAll(cluster._silos.Concat(cluster._gateways).Select(member => member.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more silo.</summary>
    internal async Task<ClusterMember> AddSiloAsync()
    {
        var silo = CreateSilo();
        _silos.Add(silo);
        await silo.StartAsync();
        return silo;
    }

    /// <summary>A silo beside the cluster's own, with settings of its own.</summary>
    internal ProgramStart SiloStart(string name, IReadOnlyDictionary<string, string> tls) =>
        new("Silo", name, Database.Folder, WithTls(SiloSettings(name), tls), $"Silo {name} is active");

    /// <summary>A gateway beside the cluster's own, with settings of its own.</summary>
    internal ProgramStart GatewayStart(string name, IReadOnlyDictionary<string, string> tls) =>
        new("Gateway", name, Database.Folder, WithTls(GatewaySettings(name), tls), "Open http");

    private static Dictionary<string, string> WithTls(Dictionary<string, string> settings, IReadOnlyDictionary<string, string> tls) =>
        new(settings.Where(setting => !setting.Key.StartsWith("Cluster:Tls:", StringComparison.Ordinal)).Concat(tls));

    private Dictionary<string, string> SiloSettings(string name) => new(Common())
    {
        ["Store:ConnectionString"] = Database.ConnectionString,
        ["Silo:Name"] = name,
        ["Silo:Port"] = Port(),
        ["Silo:GatewayPort"] = Port(),
        ["Urls"] = $"http://127.0.0.1:{Port()}",
    };

    private Dictionary<string, string> GatewaySettings(string name) => new(Common().Concat(Limits).Concat(Database.TokenSigner.Settings))
    {
        ["Cluster:ConnectionString"] = Database.ConnectionString,
        ["KeysPath"] = Path.Combine(Database.Folder, "keys-" + name),
        ["Urls"] = $"http://127.0.0.1:{Port()}",
    };

    public async ValueTask DisposeAsync()
    {
        // Gateways first: without silos they would only complain.
        foreach (var member in _gateways.Concat(_silos))
        {
            await member.DisposeAsync();
        }

        await Metrics.DisposeAsync();
    }

    private static string Port() => FreePorts.Next().ToString(CultureInfo.InvariantCulture);

    private ClusterMember CreateSilo()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_plan.Prefix}silo{_silos.Count + 1}");
        var settings = SiloSettings(name);
        return new ClusterMember(new ProgramStart(_plan.SiloProgram, name, Database.Folder, settings, $"Silo {name} is active"), new Uri(settings["Urls"]));
    }

    private ClusterMember CreateGateway(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_plan.Prefix}gateway{number}");
        var settings = GatewaySettings(name);
        return new ClusterMember(new ProgramStart("Gateway", name, Database.Folder, settings, "Open http"), new Uri(settings["Urls"]));
    }

    private Dictionary<string, string> Common() => new(_plan.Settings)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["Telemetry:OtlpEndpoint"] = Metrics.Address.ToString(),
        ["Telemetry:ExportInterval"] = "00:00:01",
    };
}

/// <summary>The PostgreSQL server and the migrated database of one or more clusters, and the folder for everything that they leave.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private readonly bool _endsServer;

    private ClusterDatabase(PostgresServer server, string connectionString, bool endsServer)
    {
        (Server, ConnectionString, Tables, _endsServer) = (server, connectionString, new PostgresUnderTest(server, connectionString), endsServer);
        Folder = Directory.CreateTempSubdirectory("orleans-chat-cluster-").FullName;
    }

    internal PostgresServer Server { get; }

    internal string ConnectionString { get; }

    /// <summary>Where logs and histories lie.</summary>
    internal string Folder { get; }

    /// <summary>Who signs people in.</summary>
    internal TokenSigner TokenSigner { get; } = new();

    /// <summary>The chat's tables, read by an outsider.</summary>
    internal PostgresUnderTest Tables { get; }

    /// <summary>Set when nothing in the folder is worth keeping.</summary>
    internal bool IsWell { get; set; }

    internal static async Task<ClusterDatabase> StartAsync()
    {
        var server = await ListenAsync();
        var database = new ClusterDatabase(server, await server.CreateDatabaseAsync(), endsServer: true);
        var migrate = await database.RunSiloAsync("migrate");
        if (migrate.ExitCode != 0)
        {
            await database.DisposeAsync();
            throw new InvalidOperationException($"migrate ended with {migrate.ExitCode}: {migrate.Errors}");
        }

        return database;
    }

    /// <summary>Without any table, on a server that somebody else ends.</summary>
    internal static async Task<ClusterDatabase> CreateEmptyAsync(PostgresServer server) => new(server, await server.CreateDatabaseAsync(), endsServer: false);

    /// <summary>A server that processes of a cluster reach; where there can be none, the test is skipped.</summary>
    internal static Task<PostgresServer> ListenAsync()
    {
        Assert.SkipWhen(Engine.MissingReason is not null, Engine.MissingReason ?? "");
        return PostgresServer.ListenAsync(FreePorts.Next(), "max_connections=300");
    }

    /// <summary>Runs a command of the silo's program.</summary>
    internal Task<(int ExitCode, string Output, string Errors)> RunSiloAsync(params IReadOnlyList<string> arguments) => ProgramProcess.RunAsync(
        new ProgramStart("Silo", "silo", Folder, new Dictionary<string, string> { ["Store:ConnectionString"] = ConnectionString }, ""), arguments);

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_endsServer)
        {
            await Server.DisposeAsync();
        }

        if (IsWell)
        {
            Directory.Delete(Folder, recursive: true);
            return;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Logs and history are kept in {Folder}");
    }
}
