using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

/// <summary>What people have written and not sent yet, through the grains.</summary>
public sealed class DraftGrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("W3")]
    [Rule("U10")]
    public async Task SaveDraftAsync_Changed_IsToldToTheOwnerAlone(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);

        var saved = await SavesAsync(host, host.Bob, group, "cafe\u0301", 0);

        saved.ShouldBe(new SaveDraftResult { Draft = new Draft { ConversationId = group, Version = 1, Text = "caf\u00e9", SavedAt = saved.Draft!.SavedAt } });
        (await host.Inbox(host.Bob).DraftsAsync(host.Bob.Caller, Cancellation)).ShouldBe([saved.Draft]);
        await SavesAsync(host, host.Bob, group, "caf\u00e9", 0);
        host.Events.Signals.OfType<DraftChanged>().ShouldHaveSingleItem("what is so already is not told")
            .ShouldBe(new DraftChanged { TenantId = host.Tenant, UserId = host.Bob.Id, Draft = saved.Draft });
    }

    [Theory]
    [EveryStore]
    [Rule("W3")]
    public async Task SaveDraftAsync_FromManyDevicesAtOnce_OneIsSavedAndTheOthersAreToldOfIt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(device => SavesAsync(host, host.Bob, group, $"from {device}", 0)));

        var won = results.Single(result => result.Refusal is null).Draft!;
        results.Where(result => result.Refusal is not null).ShouldAllBe(result => result.Refusal == SaveDraftRefusal.VersionStale && result.Draft == won);
        (await host.Inbox(host.Bob).DraftsAsync(host.Bob.Caller, Cancellation)).ShouldBe([won]);
    }

    [Fact]
    [Rule("R3")]
    [Rule("W3")]
    public async Task AnyCall_OfSomebodyElse_AnswersNothingAndChangesNothing()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await SavesAsync(host, host.Bob, group, "mine", 0);
        foreach (var caller in new[] { host.Ann.Caller, host.Bob.Caller with { TenantId = TenantId.Of("globex") } })
        {
            (await host.Inbox(host.Bob).DraftsAsync(caller, Cancellation)).ShouldBeEmpty();
            (await host.Inbox(host.Bob).SaveDraftAsync(new SaveDraft { Caller = caller, ConversationId = group, Text = "mine", Version = 1 }, Cancellation))
                .ShouldBe(new SaveDraftResult { Refusal = SaveDraftRefusal.NotFound });
        }

        (await SavesAsync(host, host.Cleo, group, "mine", 0)).ShouldBe(new SaveDraftResult { Refusal = SaveDraftRefusal.NotFound });
        (await host.Inbox(host.Bob).DraftsAsync(host.Bob.Caller, Cancellation)).ShouldHaveSingleItem().Text.ShouldBe("mine");
    }

    private static Task<SaveDraftResult> SavesAsync(ChatHost host, TestUser by, ConversationId conversation, string text, long version) =>
        host.Inbox(by).SaveDraftAsync(new SaveDraft { Caller = by.Caller, ConversationId = conversation, Text = text, Version = version }, Cancellation);
}
