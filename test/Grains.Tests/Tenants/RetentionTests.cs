using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Tenants;

public sealed class RetentionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task Purge_OlderThanTheTenantsDays_LeavesTombstonesAndNoFormerText(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await KeepAsync(host, days: 30);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "old <@bob>");
        await EditAsync(host, group, seq: 2, "old, edited");
        await host.Bob.PostsAsync(group, "old, deleted");
        await host.Conversation(group).DeleteAsync(new DeleteMessage { Caller = host.Bob.Caller, ClientId = Guid.NewGuid(), Seq = 3 }, Cancellation);
        host.Time.Advance(TimeSpan.FromDays(2));
        await host.Ann.PostsAsync(group, "new");
        host.Time.Advance(TimeSpan.FromDays(28) + TimeSpan.FromSeconds(1));

        await PurgeAsync(host);

        (await host.Ann.ReadsAsync(group)).Messages.Select(message => message.Text).ShouldBe(["", "", "", "new"]);
        var gone = (await host.Store.Archive.ReadMessagesAsync(host.Tenant, group, 1, 10, Cancellation)).Rows[0];
        (gone.DeletedAt, gone.DeletedBy, gone.Seq).ShouldBe((host.Time.GetUtcNow().AddTicks(-7), null, 2));
        (await host.Store.Archive.ReadVersionsAsync(host.Tenant, group, 1, 10, Cancellation)).Rows.ShouldBeEmpty("former texts, and that of the deleted one, went too");
        (await host.Bob.CountsAsync(group)).ShouldNotBeNull().Unread.ShouldBe(1, "the new one");
        (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 1, Cancellation)).Single().Action.ShouldBe("retention.purged");
        host.Events.Appended.SelectMany(appended => appended.Changes).Last().Deleted.ShouldNotBeNull().Seq.ShouldBe(2);
        await host.StoredAsync(group);
    }

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task Purge_ExactlyAtTheDays_KeepsAndOneTickLaterNot(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await KeepAsync(host, days: 1);
        var direct = host.Ann.With(host.Bob);
        var posted = await host.Ann.PostsAsync(direct, "hi");
        host.Time.Advance(posted.Time.AddDays(1) - host.Time.GetUtcNow());

        await PurgeAsync(host);
        (await host.Ann.ReadsAsync(direct)).Messages.Single().Text.ShouldBe("hi");
        host.Time.Advance(TimeSpan.FromMicroseconds(1));
        await PurgeAsync(host);

        (await host.Ann.ReadsAsync(direct)).Messages.Single().Text.ShouldBe("");
        (await host.Bob.CountsAsync(direct)).ShouldNotBeNull().Unread.ShouldBe(0);
        (await host.Bob.ListsAsync()).Single().LastMessage.ShouldBeNull("nothing is left to show");
    }

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task Purge_ManyMessages_GoesToTheEndAndAgainDoesNothing(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await KeepAsync(host, days: 1);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsManyAsync(group, 300);
        host.Time.Advance(TimeSpan.FromDays(2));

        await PurgeAsync(host);

        var messages = await host.StoredAsync(group);
        messages.Count(message => message.DeletedAt is not null).ShouldBe(300);
        messages[0].Fact.ShouldNotBeNull("facts stay");
        (await host.Bob.CountsAsync(group)).ShouldNotBeNull().Unread.ShouldBe(0);
        var rev = (await host.Ann.ReadsAsync(group)).Head.Rev;
        await PurgeAsync(host);
        (await host.Ann.ReadsAsync(group)).Head.Rev.ShouldBe(rev);
    }

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task Purge_OneConversationOrTenantFails_TheOthersGoAllTheSame(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await host.Store.Directory.AddPeopleAsync(TenantId.Of("aardvark"), [host.Ann.Record], Cancellation);
        await KeepAsync(host, days: 1);
        var groups = new List<ConversationId>();
        for (var number = 0; number < 3; number++)
        {
            groups.Add(await ChatHost.GroupAsync(host.Ann, host.Bob));
            await host.Ann.PostsAsync(groups[^1], "old");
        }

        groups.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
        host.Time.Advance(TimeSpan.FromDays(2));
        var failing = new FailingRetention(host.Store.Retention, TenantId.Of("aardvark"), groups[0]);

        await ActivatorUtilities.CreateInstance<RetentionJob>(host.Services, failing).PurgeAsync(Cancellation);

        failing.Failures.ShouldBe(2);
        (await TextsAsync()).ShouldBe(["old", "", ""]);
        await PurgeAsync(host);
        (await TextsAsync()).ShouldBe(["", "", ""]);

        async Task<string[]> TextsAsync() =>
            await Task.WhenAll(groups.Select(async group => (await host.Ann.SeesAsync(group, 2)).Text));
    }

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task SetRetention_DaysAndHold_AreStatedAndTheHoldWins(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (held, own) = (await ChatHost.GroupAsync(host.Ann, host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        await host.Ann.PostsAsync(held, "evidence");
        await host.Ann.PostsAsync(own, "short-lived");
        var cleo = host.Cleo.With(ChatPermissions.Retention);

        (await SetAsync(host, cleo, own, new ConversationRetention { Days = 7 })).ShouldBeNull();
        (await SetAsync(host, cleo, own, new ConversationRetention { Days = 7 })).ShouldBeNull("again");
        (await SetAsync(host, cleo, held, new ConversationRetention { Days = 7, LegalHold = true })).ShouldBeNull();

        var fact = (await host.Ann.ReadsAsync(own)).Messages.Where(message => message.Fact?.Kind == SystemFactKind.RetentionChanged).ShouldHaveSingleItem();
        (fact.AuthorId, fact.Fact!.Before, fact.Fact.After).ShouldBe((cleo.Id, null, "7"));
        (await host.Bob.CountsAsync(own)).ShouldNotBeNull().Unread.ShouldBe(1, "a fact does not count (rule C14)");
        (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation)).Count(entry => entry.Action == "retention.changed").ShouldBe(2);
        host.Time.Advance(TimeSpan.FromDays(8));
        await PurgeAsync(host);
        (await host.Conversation(held).PurgeAsync(1, Cancellation)).ShouldBe(new PurgeResult(), "whoever asks");
        (await host.Ann.ReadsAsync(held)).Messages[1].Text.ShouldBe("evidence");
        (await host.Ann.ReadsAsync(own)).Messages[1].Text.ShouldBe("");

        (await SetAsync(host, cleo, held, new ConversationRetention { Days = 7 })).ShouldBeNull();
        await PurgeAsync(host);
        (await host.Ann.ReadsAsync(held)).Messages[1].Text.ShouldBe("", "the hold was lifted");
    }

    [Theory]
    [EveryStore]
    [Rule("R4")]
    [Rule("R5")]
    [Rule("C14")]
    public async Task SetRetention_TheStoreFails_IsStatedKeptAndAuditedTogetherOrNotAtAll(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var (admin, wanted) = (host.Cleo.With(ChatPermissions.Retention), new ConversationRetention { Days = 7, LegalHold = true });

        host.Log.Always = FaultyMessageLog.FailsBeforeWriting;
        (await SetAsync(host, admin, group, wanted)).ShouldBe(SetRetentionRefusal.Unavailable);
        host.Log.Always = null;
        (await StandsAsync()).ShouldBe((new ConversationRetention(), 0, 0));

        host.Log.Next(FaultyMessageLog.FailsAfterWriting);
        (await SetAsync(host, admin, group, wanted)).ShouldBeNull();
        (await StandsAsync()).ShouldBe((wanted, 1, 1));
        host.Log.Appends.Last().ShouldSatisfyAllConditions(
            append => append.Retention.ShouldBe(wanted), append => append.Audits.ShouldHaveSingleItem().ActorId.ShouldBe(admin.Id));
        (await SetAsync(host, admin, group, wanted)).ShouldBeNull("again");
        (await StandsAsync()).ShouldBe((wanted, 1, 1));

        async Task<(ConversationRetention?, int, int)> StandsAsync() => (
            await host.Store.Retention.ReadAsync(host.Tenant, group, Cancellation),
            (await host.StoredAsync(group)).Count(message => message.Fact?.Kind == SystemFactKind.RetentionChanged),
            (await host.Store.Audit.ReadPageAsync(host.Tenant, null, 10, Cancellation)).Count(entry => entry.Action == "retention.changed"));
    }

    [Fact]
    [Rule("R5")]
    public async Task SetRetention_WhoMayNot_OutOfBoundsOrUnknown_ChangesNothing()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var wanted = new ConversationRetention { Days = 1 };

        (await SetAsync(host, host.Ann, group, wanted)).ShouldBe(SetRetentionRefusal.NotFound);
        (await SetAsync(host, host.Foreigner("ann").With(ChatPermissions.Retention), group, wanted)).ShouldBe(SetRetentionRefusal.NotFound);
        (await SetAsync(host, host.Ann.With(ChatPermissions.Retention), ConversationId.Of(Guid.NewGuid()), wanted)).ShouldBe(SetRetentionRefusal.NotFound);
        (await SetAsync(host, host.Ann.With(ChatPermissions.Retention), group, wanted with { Days = 0 })).ShouldBe(SetRetentionRefusal.Invalid);

        (await host.Store.Retention.ReadAsync(host.Tenant, group, Cancellation)).ShouldBe(new ConversationRetention());
        (await host.Ann.ReadsAsync(group)).Head.Seq.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("R5")]
    public async Task Preview_BeforeAPurge_IsExactlyWhatGoes(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await KeepAsync(host, days: 30);
        var (one, held) = (await ChatHost.GroupAsync(host.Ann, host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        await host.Ann.PostsManyAsync(one, 3);
        await host.Ann.PostsManyAsync(held, 3);
        await SetAsync(host, host.Ann.With(ChatPermissions.Retention), held, new ConversationRetention { LegalHold = true });
        host.Time.Advance(TimeSpan.FromDays(31));
        var admin = host.Ann.With(ChatPermissions.Retention);

        (await PreviewAsync(host, admin)).Conversations.ShouldBe([new ExpiringConversation { ConversationId = one, Days = 30, Messages = 3 }]);
        (await PreviewAsync(host, host.Bob)).Conversations.ShouldBeEmpty("he may not ask");
        await PurgeAsync(host);
        (await PreviewAsync(host, admin)).Conversations.ShouldBeEmpty();
    }

    private static async Task KeepAsync(ChatHost host, int days) =>
        (await host.Directory().SetPolicyAsync(
            new SetPolicy { Actor = UserId.Of("desk"), Policy = TenantPolicy.Default with { RetentionDays = days } }, Cancellation)).Refusal.ShouldBeNull();

    private static Task PurgeAsync(ChatHost host) => ActivatorUtilities.CreateInstance<RetentionJob>(host.Services).PurgeAsync(Cancellation);

    private static Task<RetentionPreview> PreviewAsync(ChatHost host, TestUser user) =>
        host.Services.GetRequiredService<IClusterClient>().GetGrain<IRetentionGrain>(new TenantKey(host.Tenant).ToString())
            .PreviewAsync(user.Caller, null, 200, Cancellation);

    private static async Task<SetRetentionRefusal?> SetAsync(ChatHost host, TestUser user, ConversationId conversation, ConversationRetention retention) =>
        (await host.Conversation(conversation).SetRetentionAsync(new SetRetention { Caller = user.Caller, Retention = retention }, Cancellation)).Refusal;

    private static async Task EditAsync(ChatHost host, ConversationId conversation, long seq, string text) =>
        (await host.Conversation(conversation).EditAsync(
            new EditMessage { Caller = host.Ann.Caller, ClientId = Guid.NewGuid(), Seq = seq, Version = 1, Text = text }, Cancellation)).Refusal.ShouldBeNull();

    /// <summary>A store that cannot list one tenant's conversations, nor look into one conversation of another.</summary>
    private sealed class FailingRetention(IRetentionStore inner, TenantId badTenant, ConversationId badConversation) : IRetentionStore
    {
        internal int Failures { get; private set; }

        public Task<ImmutableArray<TenantId>> ReadTenantsAsync(TenantId? after, int limit, CancellationToken cancellationToken) =>
            inner.ReadTenantsAsync(after, limit, cancellationToken);

        public Task<ImmutableArray<KeptConversation>> ReadKeptAsync(
            TenantId tenant, int? tenantDays, ConversationId? after, int limit, CancellationToken cancellationToken) =>
            tenant == badTenant
                ? Task.FromException<ImmutableArray<KeptConversation>>(Failure())
                : inner.ReadKeptAsync(tenant, tenantDays, after, limit, cancellationToken);

        public Task<ConversationRetention?> ReadAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
            inner.ReadAsync(tenant, conversation, cancellationToken);

        public Task SetAsync(
            TenantId tenant, ConversationId conversation, ConversationRetention retention, AuditRecord audit, CancellationToken cancellationToken) =>
            inner.SetAsync(tenant, conversation, retention, audit, cancellationToken);

        public Task<ImmutableArray<long>> ReadExpiredAsync(
            TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
            inner.ReadExpiredAsync(tenant, conversation, cutoff, limit, cancellationToken);

        public Task<bool> IsAnythingExpiredAsync(
            TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
            conversation == badConversation
                ? Task.FromException<bool>(Failure())
                : inner.IsAnythingExpiredAsync(tenant, conversation, cutoff, cancellationToken);

        public Task<long> CountExpiredAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
            inner.CountExpiredAsync(tenant, conversation, cutoff, cancellationToken);

        public Task<int> DropVersionsAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
            inner.DropVersionsAsync(tenant, conversation, cutoff, cancellationToken);

        private StoreUnavailableException Failure()
        {
            Failures++;
            return new StoreUnavailableException("planned");
        }
    }
}
