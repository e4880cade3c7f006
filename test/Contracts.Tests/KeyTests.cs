using FsCheck;
using FsCheck.Fluent;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Presence;
using OrleansChat.Testing;

namespace OrleansChat.Contracts.Tests;

/// <summary>The text of keys, ids and streams: written for ever the same, read back what was written, never two for one.</summary>
public sealed class KeyTests
{
    private static readonly Gen<string> IdChar = Gen.Frequency(
        (4, Gen.Elements("a", "b", "z", "0", "-", "_", ".", "@", " ", "A")),
        (4, Gen.Elements("/", "~", "%", "%2F", "%7E", "%25", "%2f", "%%", "2F")),
        (2, Gen.Elements("é", "漢", "😀", "\u202e", "ß", "İ", "e\u0301", "\u00a0")));

    private static readonly Arbitrary<UserId> Users = IdsOf(40).Select(UserId.Of).ToArbitrary();

    private static readonly Arbitrary<TenantId> Tenants = IdsOf(12).Select(TenantId.Of).ToArbitrary();

    [Theory]
    [Rule("C1")]
    [InlineData("ann", "bob", "dm/ann~bob")]
    [InlineData("bob", "ann", "dm/ann~bob")]
    [InlineData("ann", "ann", "dm/ann~ann")]
    [InlineData("Zoe", "ann", "dm/Zoe~ann")]
    [InlineData("a/b", "c~d", "dm/a%2Fb~c%7Ed")]
    [InlineData("100%", "x", "dm/100%25~x")]
    [InlineData("a%2Fb", "a/b", "dm/a%252Fb~a%2Fb")]
    [InlineData("é", "漢字", "dm/é~漢字")]
    public void Direct_OfTwoPeople_IsWrittenSo(string one, string other, string id) =>
        ConversationId.Direct(UserId.Of(one), UserId.Of(other)).Value.ShouldBe(id);

    [Fact]
    [Rule("R3")]
    public void Keys_AreWrittenSo()
    {
        var conversation = ConversationId.Of(Guid.Parse("018f0000-0000-7000-8000-00000000000A"));
        conversation.Value.ShouldBe("c/018f000000007000800000000000000a");
        new ConversationKey(TenantId.Of("acme"), conversation).ToString().ShouldBe("acme/c/018f000000007000800000000000000a");
        new ConversationKey(TenantId.Of("a/b"), ConversationId.Direct(UserId.Of("ann"), UserId.Of("bob"))).ToString().ShouldBe("a%2Fb/dm/ann~bob");
        new UserKey(TenantId.Of("acme"), UserId.Of("ann/x")).ToString().ShouldBe("acme/u/ann%2Fx");
        new TenantKey(TenantId.Of("a~b%")).ToString().ShouldBe("a%7Eb%25");
        new PresenceKey(TenantId.Of("ab+x"), UserId.Of("ann/x")).ToString().ShouldBe("presence/ab+x/u/ann%2Fx");
        PresenceKey.Parse("presence/ab+x/u/ann%2Fx").ShouldBe(new PresenceKey(TenantId.Of("ab+x"), UserId.Of("ann/x")));
        Should.Throw<FormatException>(() => PresenceKey.Parse("acme/u/ann"));
        IRepairGrain.Key.ShouldBe("repair");
        IPresenceBeatGrain.Key.ShouldBe("beats");
    }

    [Fact]
    [Rule("R3")]
    public void Streams_AreNamedSo()
    {
        TenantStreams.Provider.ShouldBe("events");
        TenantStreams.Messages(TenantId.Of("acme"), 3).ToString().ShouldBe("messages/acme/3");
        TenantStreams.Messages(TenantId.Of("a/0"), 1).ToString().ShouldBe("messages/a%2F0/1");
        TenantStreams.Signals(TenantId.Of("acme")).ToString().ShouldBe("signals/acme");
    }

    [Theory]
    [InlineData("dm/ann~bob", 16, 3)]
    [InlineData("c/018f000000007000800000000000000a", 16, 14)]
    [InlineData("dm/é~漢字", 1024, 95)]
    public void Shards_AreTheSameForEver(string id, int shards, int shard)
    {
        ConversationId.TryParse(id, out var conversation).ShouldBeTrue();
        TenantStreams.ShardOf(conversation, shards).ShouldBe(shard);
        TenantStreams.ShardOf(conversation, 1).ShouldBe(0);
    }

    [Fact]
    [Rule("C1")]
    public void Direct_OfAnybody_IsReadBackAndTheSameFromBothSides() =>
        Prop.ForAll(Users, Users, (one, other) =>
        {
            var id = ConversationId.Direct(one, other);
            return id == ConversationId.Direct(other, one)
                && ConversationId.TryParse(id.Value, out var parsed) && parsed == id
                && parsed.TryGetPair(out var first, out var second)
                && ((first, second) == (one, other) || (first, second) == (other, one));
        }).QuickCheckThrowOnFailure();

    [Fact]
    [Rule("C1")]
    public void Direct_OfDifferentPairs_IsNeverTheSame() =>
        Prop.ForAll(Users, Users, Users, (one, other, third) =>
            other == third || ConversationId.Direct(one, other) != ConversationId.Direct(one, third)).QuickCheckThrowOnFailure();

    [Fact]
    [Rule("R3")]
    public void Keys_OfAnybody_AreReadBack() =>
        Prop.ForAll(Tenants, Users, Users, (tenant, one, other) =>
        {
            var conversation = new ConversationKey(tenant, ConversationId.Direct(one, other));
            var user = new UserKey(tenant, one);
            return ConversationKey.Parse(conversation.ToString()) == conversation
                && UserKey.Parse(user.ToString()) == user
                && TenantKey.Parse(new TenantKey(tenant).ToString()).TenantId == tenant;
        }).QuickCheckThrowOnFailure();

    [Fact]
    [Rule("R3")]
    [Rule("S1")]
    public void Keys_OfDifferentTenants_AreNeverTheSame() =>
        Prop.ForAll(Tenants, Tenants, Users, (one, other, user) =>
            one == other
            || (new UserKey(one, user).ToString() != new UserKey(other, user).ToString()
                && TenantStreams.Messages(one, 0) != TenantStreams.Messages(other, 0)
                && TenantStreams.Signals(one) != TenantStreams.Signals(other))).QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_OfAnyText_AcceptsOnlyWhatItWrites() =>
        Prop.ForAll(Gen.Elements("dm/", "c/", "x/", "", "DM/").SelectMany(prefix => IdsOf(30).Select(rest => prefix + rest)).ToArbitrary(), text =>
            !ConversationId.TryParse(text, out var id) || id.Value == text).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("acme")]
    [InlineData("/dm/ann~bob")]
    [InlineData("acme/dm/bob~ann")]
    [InlineData("a%2fb/dm/ann~bob")]
    [InlineData("acme/u/ann")]
    public void ConversationKey_OfAnotherText_IsRefused(string key) => Should.Throw<FormatException>(() => ConversationKey.Parse(key));

    private static Gen<string> IdsOf(int lengthMax) =>
        IdChar.NonEmptyListOf().Select(parts => string.Concat(parts)).Select(id => Cut(id, lengthMax)).Where(id => id.Length > 0);

    private static string Cut(string id, int lengthMax) =>
        id.Length <= lengthMax ? id : char.IsHighSurrogate(id[lengthMax - 1]) ? id[..(lengthMax - 1)] : id[..lengthMax];
}
