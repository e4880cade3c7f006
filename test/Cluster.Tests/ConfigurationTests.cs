using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Npgsql;

namespace OrleansChat.Cluster.Tests;

/// <summary>
/// What cannot work is refused at the start: exit code 1, and on the standard error one line that names the option, its value
/// and what is allowed, and no secret. The log says nothing of it.
/// </summary>
public sealed class ConfigurationTests(ConfigurationTests.Server server) : IClassFixture<ConfigurationTests.Server>, IAsyncLifetime
{
    private ClusterDatabase? _database;

    public enum Program
    {
        Silo,
        Gateway,
    }

    private ClusterDatabase Database => _database!;

    public async ValueTask InitializeAsync() => _database = await ClusterDatabase.CreateEmptyAsync(await server.StartedAsync());

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            _database.IsWell = true;
            await _database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Program.Silo)]
    [InlineData(Program.Gateway)]
    public async Task ConnectionString_IsNone_IsRefused(Program program)
    {
        await RefusesAsync(program, ["ConnectionString"], (OptionOf(program), "Garbage-4711"));
        await RefusesAsync(program, ["ConnectionString", "empty"], (OptionOf(program), ""));
    }

    [Theory]
    [InlineData(Program.Silo)]
    [InlineData(Program.Gateway)]
    public async Task ConnectionString_NamesNoServer_IsRefused(Program program)
    {
        var port = FreePorts.Next();
        await RefusesAsync(program, ["ConnectionString"], (OptionOf(program), new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = port }.ToString()));
    }

    [Theory]
    [InlineData(Program.Silo)]
    [InlineData(Program.Gateway)]
    public async Task ConnectionString_NamesNoHost_IsRefused(Program program)
    {
        await RefusesAsync(
            program,
            ["ConnectionString"],
            (OptionOf(program), new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Host = "no-such-host.invalid" }.ToString()));
        await RefusesAsync(program, ["ConnectionString", "Host="], (OptionOf(program), "Database=chat;Username=chat"));
    }

    [Theory]
    [InlineData(Program.Silo)]
    [InlineData(Program.Gateway)]
    public async Task ConnectionString_HasAWrongPassword_IsRefused(Program program) => await RefusesAsync(
        program,
        ["ConnectionString", "password authentication failed"],
        (OptionOf(program), new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Password = "Garbage-4711" }.ToString()));

    [Theory]
    [InlineData(Program.Silo)]
    [InlineData(Program.Gateway)]
    public async Task Database_HasNoTables_IsRefused(Program program) => await RefusesAsync(program, ["migrate"]);

    [Fact]
    public async Task Silo_OnAPublicAddressWithoutTls_IsRefused()
    {
        await RefusesAsync(Program.Silo, ["Silo:Address", "8.8.8.8", "Cluster:Tls"], ("Silo:Address", "8.8.8.8"));
        await RefusesAsync(Program.Silo, ["Silo:Address", "0.0.0.0"], ("Silo:Address", "0.0.0.0"));
    }

    [Fact]
    public async Task Silo_OnAPortInUse_IsRefused()
    {
        (await Database.RunSiloAsync("migrate")).ExitCode.ShouldBe(0);
        using var other = new TcpListener(IPAddress.Loopback, FreePorts.Next());
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await RefusesAsync(Program.Silo, [$"Silo:GatewayPort is {port}"], ("Silo:GatewayPort", port));
    }

    [Fact]
    public async Task Silo_OnSqlite_IsRefused() => await RefusesAsync(Program.Silo, ["Store:Provider", "Sqlite", "Postgres"], ("Store:Provider", "Sqlite"));

    [Theory]
    [InlineData("Cluster:ClusterId", "")]
    [InlineData("Cluster:Tls:Key", "key.pem")]
    [InlineData("Silo:Port", "70000")]
    [InlineData("Silo:Port", "many")]
    [InlineData("Silo:ProbeTimeout", "soon")]
    [InlineData("Telemetry:OtlpEndpoint", "ftp://127.0.0.1")]
    [InlineData("Store:Writers", "0")]
    [InlineData("Conversations:WaitingPostsMax", "0")]
    [InlineData("Directory:NameScalarsMax", "201")]
    public async Task Silo_SettingOutOfItsBounds_IsRefused(string option, string value) =>
        await RefusesAsync(Program.Silo, option == "Cluster:Tls:Key" ? ["Cluster:Tls"] : [option, value], (option, value));

    [Theory]
    [InlineData(Program.Silo, "OrleansChat.Silo.ChatSiloOptions", "Silo")]
    [InlineData(Program.Gateway, "OrleansChat.Gateway.Hosting.StreamWatchOptions", "StreamWatch")]
    [InlineData(Program.Gateway, "OrleansChat.Gateway.Fanout.FanoutOptions", "Fanout")]
    [InlineData(Program.Gateway, "OrleansChat.Gateway.Sessions.SocketOptions", "Sockets")]
    [InlineData(Program.Gateway, "OrleansChat.Gateway.Hubs.CallLimitOptions", "Limits")]
    public async Task Limits_SetToZero_AreRefusedEachByName(Program program, string type, string section)
    {
        string[] names = [.. BoundsOf(program, type)];
        names.ShouldNotBeEmpty();
        await RefusesAsync(program, [.. names.Select(name => $"{section}:{name} is 0")], [.. names.Select(name => ($"{section}:{name}", "0"))]);
    }

    [Fact]
    public async Task Limits_OfTwoSectionsSetToZero_AreRefusedInOneLine() =>
        await RefusesAsync(Program.Gateway, ["Limits:PageMax is 0", "StreamWatch:SilenceMax is 0"], ("Limits:PageMax", "0"), ("StreamWatch:SilenceMax", "0"));

    private static string OptionOf(Program program) => program == Program.Silo ? "Store:ConnectionString" : "Cluster:ConnectionString";

    /// <summary>The options of a section for which 0 is out of bounds.</summary>
    private static IEnumerable<string> BoundsOf(Program program, string type)
    {
        var assembly = Assembly.LoadFrom(new ProgramStart(program.ToString(), "", "", new Dictionary<string, string>(), "").Program + ".dll");
        foreach (var option in assembly.GetType(type, throwOnError: true)!.GetProperties())
        {
            object zero = option.PropertyType == typeof(TimeSpan) ? TimeSpan.Zero : 0;
            if (option.GetCustomAttribute<RangeAttribute>() is { } bound && !bound.IsValid(zero))
            {
                yield return option.Name;
            }
        }
    }

    private async Task RefusesAsync(Program program, IReadOnlyList<string> says, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["Urls"] = $"http://127.0.0.1:{FreePorts.Next()}",
            ["KeysPath"] = Path.Combine(Database.Folder, "keys"),
            [OptionOf(program)] = Database.ConnectionString,
        };
        foreach (var (name, value) in Database.TokenSigner.Settings)
        {
            all[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var (exitCode, output, errors) = await ProgramProcess.RunAsync(new ProgramStart(program.ToString(), "refused", Database.Folder, all, ""));

        var line = errors.TrimEnd().Split('\n').ShouldHaveSingleItem($"{exitCode}: {errors}");
        says.ShouldAllBe(words => line.Contains(words, StringComparison.Ordinal), line);
        line.ShouldNotContain("Garbage-4711");
        line.ShouldNotContain(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Password!);
        exitCode.ShouldBe(1);
        output.ShouldNotContain("fail:");
        output.ShouldNotContain("crit:");
    }

    /// <summary>One PostgreSQL server for all of them, where each has a database of its own.</summary>
    public sealed class Server : IAsyncDisposable
    {
        private PostgresServer? _server;

        /// <summary>Started for the first that asks; skips it where there is none.</summary>
        internal async Task<PostgresServer> StartedAsync() => _server ??= await ClusterDatabase.ListenAsync();

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
