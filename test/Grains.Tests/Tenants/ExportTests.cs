using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class ExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("R6")]
    public async Task NextAsync_FromTheBeginning_HasEverythingThatEverWas(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "first");
        await host.Conversation(group).EditAsync(
            new EditMessage { Caller = host.Ann.Caller, ClientId = Guid.NewGuid(), Seq = 2, Version = 1, Text = "second" }, Cancellation);
        await host.Bob.PostsAsync(group, "secret");
        await host.Conversation(group).DeleteAsync(new DeleteMessage { Caller = host.Bob.Caller, ClientId = Guid.NewGuid(), Seq = 3 }, Cancellation);
        await host.Conversation(group).RemoveMemberAsync(new RemoveMember { Caller = host.Ann.Caller, ClientId = Guid.NewGuid(), Member = host.Bob.Id }, Cancellation);
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "direct");

        var lines = await ExportAsync(host, null);

        lines.Select(Summary).ShouldBe(
        [
            "conversation group Standup", "membership ann 1-", "membership bob 1-4",
            "message 1 created", "version 2.1 first", "message 2 second", "change edited 2", "version 3.1 secret", "message 3 deleted by bob", "change deleted 3",
            "message 4 removed", "conversation direct ", "membership ann 1-", "membership bob 1-", "message 1 direct",
        ]);
    }

    [Theory]
    [EveryStore]
    [Rule("R6")]
    public async Task NextAsync_FromTheCursorOfAnyLine_GoesOnBehindIt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        for (var number = 0; number < 4; number++)
        {
            await host.Ann.PostsAsync(group, $"text {number}");
            await host.Conversation(group).ReactAsync(
                new ReactToMessage { Caller = host.Bob.Caller, ClientId = Guid.NewGuid(), Seq = 2, Emoji = "👍", Add = number % 2 == 0 }, Cancellation);
        }

        await host.Ann.PostsAsync(host.Ann.With(host.Cleo), "direct");
        var all = await ExportAsync(host, null);

        for (var at = 0; at < all.Count; at++)
        {
            if (all[at].TryGetProperty("cursor", out var cursor))
            {
                (await ExportAsync(host, cursor.GetString())).Select(line => line.ToString())
                    .ShouldBe(all.Skip(at + 1).Select(line => line.ToString()), $"behind line {at}");
            }
        }
    }

    [Fact]
    [Rule("R6")]
    public async Task NextAsync_ManyLongMessages_ComesInBoundedPartsInOrder()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var text = new string('x', 9_900);
        for (var number = 0; number < 250; number++)
        {
            await host.Ann.PostsAsync(group, text);
        }

        ArchivePosition? after = null;
        var (seqs, parts) = (new List<long>(), 0);
        do
        {
            var part = await Export(host).NextAsync(Admin(host), after, Cancellation);
            part.Lines.Sum(line => line.Length).ShouldBeLessThan(600 * 1024);
            seqs.AddRange(part.Lines.Select(line => JsonElement.Parse(line)).Where(line => line.GetProperty("type").GetString() == "message")
                .Select(line => line.GetProperty("seq").GetInt64()));
            after = part.Next;
            parts++;
        }
        while (after is not null);

        seqs.ShouldBe(Enumerable.Range(1, 251).Select(seq => (long)seq));
        parts.ShouldBeGreaterThan(4);
    }

    [Fact]
    [Rule("R3")]
    [Rule("R6")]
    public async Task Export_WhoMayNotOrOfAnotherTenant_GetsNothingAndLeavesNoTrace()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "direct");
        foreach (var caller in (Caller[])[host.Ann.Caller, host.Foreigner("ann").With(TenantPolicyRules.All).Caller])
        {
            (await Export(host).StartAsync(caller, null, Cancellation)).ShouldBeFalse();
            (await Export(host).NextAsync(caller, null, Cancellation)).Lines.ShouldBeEmpty();
        }

        (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation)).ShouldBeEmpty();
        (await Export(host).StartAsync(Admin(host), null, Cancellation)).ShouldBeTrue();
        (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation)).ShouldHaveSingleItem().Action.ShouldBe("export.started");
    }

    private static IExportGrain Export(ChatHost host) =>
        host.Services.GetRequiredService<IClusterClient>().GetGrain<IExportGrain>(new TenantKey(host.Tenant).ToString());

    private static Caller Admin(ChatHost host) => host.Cleo.With(ChatPermissions.Export).Caller;

    private static async Task<List<JsonElement>> ExportAsync(ChatHost host, string? cursor)
    {
        ArchivePosition? after = null;
        (cursor is null || ArchivePosition.TryParse(cursor, out after)).ShouldBeTrue();
        List<JsonElement> lines = [];
        do
        {
            var part = await Export(host).NextAsync(Admin(host), after, Cancellation);
            lines.AddRange(part.Lines.Select(line => JsonElement.Parse(line)));
            after = part.Next;
        }
        while (after is not null);

        return lines;
    }

    private static string Summary(JsonElement line)
    {
        return Text("type") switch
        {
            "conversation" => $"conversation {Text("kind")} {Text("title")}",
            "membership" => $"membership {Text("userId")} {Text("joinedSeq")}-{Text("leftSeq")}",
            "version" => $"version {Text("seq")}.{Text("version")} {Text("text")}",
            "change" => $"change {Text("kind")} {Text("seq")}",
            "message" when line.TryGetProperty("deletedAt", out _) => $"message {Text("seq")} deleted by {Text("deletedBy")}",
            "message" when line.TryGetProperty("fact", out var fact) => $"message {Text("seq")} {fact.GetProperty("kind")}",
            "message" => $"message {Text("seq")} {Text("text")}",
            var other => other,
        };

        string Text(string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "";
    }
}
