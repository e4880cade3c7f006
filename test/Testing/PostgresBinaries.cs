namespace OrleansChat.Testing;

/// <summary>Where this machine's PostgreSQL programs lie, if it has any.</summary>
public static class PostgresBinaries
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; null when there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests that need a server are skipped; null when they can run.</summary>
    public static string? MissingReason { get; } = Folder is null
        ? "PostgreSQL's programs (initdb, pg_ctl, postgres) are neither on PATH nor in /usr/lib/postgresql"
        : null;

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "initdb"))
            .Where(File.Exists)
            .Select(path => Path.GetDirectoryName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)!)
            .Concat(Directory.Exists(DebianFolder)
                ? Directory.GetDirectories(DebianFolder).OrderDescending().Select(folder => Path.Combine(folder, "bin"))
                : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "postgres")));
}
