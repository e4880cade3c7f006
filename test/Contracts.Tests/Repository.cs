namespace OrleansChat.Contracts.Tests;

/// <summary>The files of this repository, and the golden ones among them.</summary>
internal static class Repository
{
    /// <summary>Set to 1 to write golden files anew; the change is then reviewed like any other.</summary>
    private const string Rewrite = "REWRITE_GOLDEN";

    internal static bool Rewrites { get; } = Environment.GetEnvironmentVariable(Rewrite) == "1";

    internal static string Root { get; } = FindRoot();

    internal static string PathOf(string relative) => Path.Combine(Root, relative);

    internal static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>What the code says now is what the golden file says.</summary>
    internal static void ShouldBeGolden(string actual, string file)
    {
        var path = PathOf($"test/Contracts.Tests/golden/{file}");
        if (Rewrites)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        var golden = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : string.Empty;
        actual.ShouldBe(golden, $"{file} is frozen: names and ids are never changed or reused. For an addition run once with {Rewrite}=1 and review the difference.");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orleans.Chat.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder;
    }
}
