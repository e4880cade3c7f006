using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// One step of a store's schema, from an embedded file <c>Migrations/0001_initial.sql</c>. Steps are applied in order,
/// each once, and never edited afterwards: the checksum recorded at applying would no longer fit.
/// </summary>
internal sealed record MigrationScript(int Version, string Name, string Sql)
{
    internal string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The steps of a store, by its folder's name.</summary>
    internal static IReadOnlyList<MigrationScript> Of(string store)
    {
        var assembly = typeof(MigrationScript).Assembly;
        var folder = $".MessageLog.{store}.Migrations.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
                .Select(name => Load(assembly, name, name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^".sql".Length]))
                .OrderBy(script => script.Version),
        ];
    }

    /// <summary>The steps that are still to be applied, given what the database recorded.</summary>
    /// <exception cref="StoreStartException">The database is newer than the program, or an applied step differs from the program's.</exception>
    internal static IReadOnlyList<MigrationScript> Pending(
        IReadOnlyList<MigrationScript> scripts, IReadOnlyCollection<(int Version, string Checksum)> applied)
    {
        var newest = applied.Count == 0 ? 0 : applied.Max(step => step.Version);
        if (newest > scripts[^1].Version)
        {
            throw new StoreStartException(
                $"The database has schema version {newest}, this program knows up to {scripts[^1].Version}: the database is newer than the program. Use a newer program.");
        }

        foreach (var (version, checksum) in applied)
        {
            var script = scripts.FirstOrDefault(candidate => candidate.Version == version);
            if (script is null || script.Checksum != checksum)
            {
                throw new StoreStartException(
                    $"Schema version {version} of the database was applied from another script than this program's (checksum differs). Restore the program that made it.");
            }
        }

        return [.. scripts.Where(script => script.Version > newest)];
    }

    private static MigrationScript Load(Assembly assembly, string resource, string name)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new MigrationScript(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
