using System.Globalization;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>
/// Keeps every other process away from the database file, whatever its engine: two embedded engines would not see each
/// other's events. The operating system releases it when the process dies, however it dies.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    /// <exception cref="StoreStartException">Held by another, on a network file system, or not to be written.</exception>
    internal static SqliteFileLock Acquire(string databasePath)
    {
        var folder = Path.GetDirectoryName(databasePath)!;
        if (!Directory.Exists(folder))
        {
            throw new StoreStartException($"The folder of the database file {databasePath} does not exist.");
        }

        if (new DriveInfo(folder) is { DriveType: DriveType.Network } drive)
        {
            throw new StoreStartException(
                $"The database file {databasePath} lies on a network file system ({drive.DriveFormat}), where SQLite's locks do not hold. Use a local disk, or PostgreSQL.");
        }

        var lockPath = databasePath + ".lock";
        try
        {
            var file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
            return new SqliteFileLock(file);
        }
        catch (IOException exception) when (File.Exists(lockPath))
        {
            throw new StoreStartException(
                $"The database file {databasePath} is in use by another process (its id stands in {lockPath}). One file serves one process; stop the other one, or use PostgreSQL.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreStartException($"The lock file {lockPath} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>The file stays: removing it could remove the one that the next process has just locked.</summary>
    public void Dispose() => _file.Dispose();
}
