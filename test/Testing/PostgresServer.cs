using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace OrleansChat.Testing;

/// <summary>
/// A PostgreSQL server of a test run's own, in a temporary folder and reached by a socket in it, or over TCP where a test
/// asks for a port (with a password: others on this machine could knock there). A guarding shell runs it;
/// when this process ends, however it ends, the guard's standard input closes and it stops the server and removes the folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string ServerUser = "postgres";
    private const string DatabaseUser = "chat";
    private const string Password = "Chat-secret-1";
    private static readonly TimeSpan CommandTimeMax = TimeSpan.FromSeconds(60);

    private const string GuardScript =
        """
        bin=$1; folder=$2; settings=$3
        printf %s "$4" >"$folder/password"
        "$bin/initdb" -D "$folder/data" -U chat --auth-local=trust --auth-host=scram-sha-256 --pwfile="$folder/password" -E UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 || { echo failed; exit 1; }
        while read -r command; do
          case "$command" in
            start) "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -o "-k $folder -c listen_addresses='' $settings" start >"$folder/pg_ctl.log" 2>&1 && echo done || echo failed ;;
            crash) "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >"$folder/pg_ctl.log" 2>&1 && echo done || echo failed ;;
          esac
        done
        "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
        rm -rf "$folder"
        """;

    private readonly Process _guard;
    private readonly string _folder;
    private readonly int? _port;
    private int _databases;
    private double _cpuSecondsOfEnded;
    private bool _isRunning;

    private PostgresServer(Process guard, string folder, int? port) => (_guard, _folder, _port) = (guard, folder, port);

    /// <summary>A running server.</summary>
    /// <param name="settings">Settings that differ from the server's defaults, such as <c>fsync=off</c>.</param>
    public static Task<PostgresServer> StartAsync(params IEnumerable<string> settings) => StartAsync(null, settings);

    /// <summary>A running server that listens on a port of the loopback interface.</summary>
    /// <inheritdoc cref="StartAsync(IEnumerable{string})" path="/param" />
    /// <param name="port">Where.</param>
    public static Task<PostgresServer> ListenAsync(int port, params IEnumerable<string> settings) =>
        StartAsync(port, ["listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={port}"), .. settings]);

    private static async Task<PostgresServer> StartAsync(int? port, IEnumerable<string> settings)
    {
        var folder = Directory.CreateTempSubdirectory("orleans-chat-pg-").FullName;
        var guard = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] script = ["sh", "-c", GuardScript, "guard", PostgresBinaries.Folder!, folder, string.Concat(settings.Select(setting => $" -c {setting}")), Password];

        // The server refuses to run as root; it then runs as the user that its package made.
        if (Environment.UserName == "root")
        {
            using var chown = Process.Start("chown", [ServerUser, folder]);
            await chown.WaitForExitAsync();
            script = ["runuser", "-u", ServerUser, "--", .. script];
        }

        guard.FileName = script[0];
        foreach (var argument in script[1..])
        {
            guard.ArgumentList.Add(argument);
        }

        var server = new PostgresServer(Process.Start(guard)!, folder, port);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>What all its processes have used, those before a crash included.</summary>
    public double CpuSeconds => _cpuSecondsOfEnded + (_isRunning ? CpuSecondsOfRunning() : 0);

    /// <summary>Starts the server after <see cref="CrashAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        await CommandAsync("start");
        _isRunning = true;
    }

    /// <summary>Stops the server as a crash would: nothing is flushed, the next start recovers from the log.</summary>
    public Task CrashAsync()
    {
        _cpuSecondsOfEnded += CpuSecondsOfRunning();
        _isRunning = false;
        return CommandAsync("crash");
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>How to connect to it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"chat_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"create database {name}";
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    /// <summary>The server's first process and all others, its descendants.</summary>
    private double CpuSecondsOfRunning() =>
        new ProcessTree(int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture)).CpuSeconds();

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _port is null ? _folder : "127.0.0.1",
        Port = _port ?? NpgsqlConnection.DefaultPort,
        Password = _port is null ? null : Password,
        Username = DatabaseUser,
        Database = database,
        Pooling = false,
    }.ToString();

    private async Task CommandAsync(string command)
    {
        await _guard.StandardInput.WriteLineAsync(command);
        await _guard.StandardInput.FlushAsync();
        var answer = await _guard.StandardOutput.ReadLineAsync().WaitAsync(CommandTimeMax);
        if (answer != "done")
        {
            throw new InvalidOperationException($"The PostgreSQL server in {_folder} did not {command} (see the logs in it).");
        }
    }
}
