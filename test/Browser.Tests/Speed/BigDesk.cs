using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests.Speed;

/// <summary>
/// A desk with much to show: Ann is a member of a group with 16,336 imported messages of 1,612 authors, and of 1,000 others. The
/// support chat's files are no part of the repository: they lie beside it (<c>../shared/data/support-chat</c>), or where
/// <c>CHAT_SUPPORT_DATA</c> says.
/// </summary>
public sealed class BigDesk : Desk
{
    internal const string Group = "Ubuntu support";

    private const int Conversations = 1_000;

    internal static string Data { get; } =
        Environment.GetEnvironmentVariable("CHAT_SUPPORT_DATA") ?? Path.Combine(Path.GetDirectoryName(Repository.Root)!, "shared", "data", "support-chat");

    /// <summary>Why there is nothing to measure with; null when there is.</summary>
    internal static string? MissingData => Directory.Exists(Data) ? null : "The support chat's files are not here.";

    /// <summary>The name of one of the other conversations, the newest being 0.</summary>
    internal static string CaseName(int fromTheTop) => $"Case {Conversations - 1 - fromTheTop:D4}";

    protected override async Task PrepareAsync(string folder)
    {
        if (MissingData is null)
        {
            // Its first start makes the people of the demo.
            await using (var first = await GatewayProcess.StartAsync(GatewayProcess.FreePort(), folder))
            {
                await first.TerminateAsync();
            }

            var files = Directory.GetFiles(Data, "*.txt").Order(StringComparer.Ordinal);
            var (code, _, errors) = await GatewayProcess.RunAsync(folder, ["import", "--tenant", "demo", "--group", Group, "--member", "ann", .. files]);
            code.ShouldBe(0, errors);
        }
    }

    protected override async Task FillAsync()
    {
        if (MissingData is not null)
        {
            return;
        }

        await using var ann = await ConnectsAsync("ann", "Ann Bauer");
        var newest = "";
        for (var number = 0; number < Conversations; number++)
        {
            var group = await StartsGroupAsync(ann, $"Case {number:D4}", "bob");
            await PostsAsync(ann, group, $"What came in for case {number}");
            newest = group;
        }

        // Imported messages are years old: this one brings the group to the second row. The first one is made ready by itself.
        var found = await ann.CallAsync("FindConversations", new { text = Group });
        var imported = found.GetProperty("conversations")[0].GetProperty("conversation").GetProperty("id").GetString()!;
        await PostsAsync(ann, imported, "And here we are.");
        await PostsAsync(ann, newest, "Still the newest case.");
    }
}
