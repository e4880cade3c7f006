namespace OrleansChat.Browser.Tests;

/// <summary>Where the sources stand, seen from the built tests.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    internal static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo from) =>
        File.Exists(Path.Combine(from.FullName, "Orleans.Chat.sln")) ? from.FullName : Find(from.Parent ?? throw new InvalidOperationException("No solution above the tests."));
}
