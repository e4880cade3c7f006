using System.Diagnostics;
using Npgsql;

namespace OrleansChat.Testing;

/// <summary>
/// A PostgreSQL server of a test run's own, in a temporary folder and reached by a socket in it. A guarding shell runs it;
/// when this process ends, however it ends, the guard's standard input closes and it stops the server and removes the folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string ServerUser = "postgres";
    private const string DatabaseUser = "chat";
    private static readonly TimeSpan CommandTimeMax = TimeSpan.FromSeconds(60);

    private const string GuardScript =
        """
        bin=$1; folder=$2; settings=$3
        "$bin/initdb" -D "$folder/data" -U chat -A trust -E UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 || { echo failed; exit 1; }
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
    private int _databases;

    private PostgresServer(Process guard, string folder)
    {
        _guard = guard;
        _folder = folder;
    }

    /// <summary>A running server.</summary>
    /// <param name="settings">Settings that differ from the server's defaults, such as <c>fsync=off</c>.</param>
    public static async Task<PostgresServer> StartAsync(params IEnumerable<string> settings)
    {
        var folder = Directory.CreateTempSubdirectory("orleans-chat-pg-").FullName;
        var guard = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] script = ["sh", "-c", GuardScript, "guard", PostgresBinaries.Folder!, folder, string.Concat(settings.Select(setting => $" -c {setting}"))];

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

        var server = new PostgresServer(Process.Start(guard)!, folder);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts the server after <see cref="CrashAsync"/>.</summary>
    public Task StartAgainAsync() => CommandAsync("start");

    /// <summary>Stops the server as a crash would: nothing is flushed, the next start recovers from the log.</summary>
    public Task CrashAsync() => CommandAsync("crash");

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

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder,
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
