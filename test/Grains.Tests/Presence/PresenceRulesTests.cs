using OrleansChat.Grains.Presence;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Tests.Presence;

public sealed class PresenceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly PresenceFacts Connected = new()
    {
        Leases = [Now + TimeSpan.FromSeconds(60)],
        KnownFrom = Now - TimeSpan.FromMinutes(1),
        LastInput = Now - TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData(ManualStatus.Auto, PresenceState.Online)]
    [InlineData(ManualStatus.Away, PresenceState.Away)]
    [InlineData(ManualStatus.Dnd, PresenceState.Dnd)]
    [InlineData(ManualStatus.Offline, PresenceState.Offline)]
    [Rule("P1")]
    public void Of_ConnectedAndNot_TheChoiceWinsOverWhatIsSoAndDisconnectedOverTheChoice(ManualStatus status, PresenceState state)
    {
        var facts = Connected with { Status = status };
        StateOf(facts).ShouldBe(state);
        StateOf(facts with { Leases = [] }).ShouldBe(PresenceState.Offline);
        StateOf(facts with { Leases = [Now] }).ShouldBe(PresenceState.Offline, "a lease ends at its time");
    }

    [Theory]
    [InlineData(299, PresenceState.Online)]
    [InlineData(300, PresenceState.Away)]
    [Rule("P2")]
    public void Of_SecondsWithoutInput_IsAwayFrom300On(int seconds, PresenceState state) =>
        StateOf(Connected with { LastInput = Now - TimeSpan.FromSeconds(seconds) }).ShouldBe(state);

    [Fact]
    [Rule("P3")]
    public void Of_FreshActivation_IsUnknownUntilOneBeatIntervalHasPassedUnlessSomebodyIsThereForSure()
    {
        var fresh = new PresenceFacts { KnownFrom = Now + TimeSpan.FromSeconds(25) };
        StateOf(fresh).ShouldBe(PresenceState.Unknown);
        StateOf(fresh with { Leases = Connected.Leases, LastInput = Now - TimeSpan.FromHours(1) })
            .ShouldBe(PresenceState.Unknown, "another gateway may know of newer input");
        StateOf(fresh with { Leases = Connected.Leases, LastInput = Now }).ShouldBe(PresenceState.Online);
        StateOf(fresh with { Leases = Connected.Leases, LastInput = Now, Status = ManualStatus.Offline })
            .ShouldBe(PresenceState.Unknown, "who appears offline looks like who is");
        PresenceRules.Of(fresh, fresh.KnownFrom).ShouldBe(new PresenceVerdict(PresenceState.Offline, null));
    }

    [Fact]
    [Rule("P9")]
    public void Of_TimedDnd_EndsAtItsTime()
    {
        var facts = Connected with { Status = ManualStatus.Dnd, Until = Now + TimeSpan.FromSeconds(10) };
        PresenceRules.Of(facts, Now).ShouldBe(new PresenceVerdict(PresenceState.Dnd, Now + TimeSpan.FromSeconds(10)));
        PresenceRules.Of(facts, Now + TimeSpan.FromSeconds(10)).State.ShouldBe(PresenceState.Online);
    }

    [Fact]
    [Rule("P8")]
    public void LastSeen_OlderAndOlder_IsCoarserAndCoarserAndHiddenForWhoAppearsOffline()
    {
        Seen(TimeSpan.FromSeconds(90)).ShouldBe(Now - TimeSpan.FromMinutes(2));
        Seen(new TimeSpan(0, 59, 59)).ShouldBe(Now - TimeSpan.FromMinutes(60));
        Seen(new TimeSpan(1, 0, 1)).ShouldBe(Now - TimeSpan.FromHours(2));
        Seen(new TimeSpan(1, 0, 0, 1)).ShouldBe(new DateTimeOffset(2026, 2, 28, 0, 0, 0, TimeSpan.Zero));
        PresenceRules.LastSeen(Connected, PresenceState.Online, Now).ShouldBeNull("who is there is there");
        PresenceRules.LastSeen(Connected with { Status = ManualStatus.Offline }, PresenceState.Offline, Now).ShouldBeNull();
        PresenceRules.LastSeen(Connected, PresenceState.Unknown, Now).ShouldBeNull();

        static DateTimeOffset? Seen(TimeSpan age) => PresenceRules.LastSeen(Connected with { LastInput = Now - age }, PresenceState.Offline, Now);
    }

    /// <summary>Any facts, against the rule said the long way round; and nothing changes before the time that was named.</summary>
    [Fact]
    [Rule("P1")]
    [Rule("P2")]
    [Rule("P4")]
    public void Of_AnyFacts_IsAsTheRulesSayAndHoldsUntilTheNamedTime()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var facts = Any(random);
            var verdict = PresenceRules.Of(facts, Now);
            verdict.State.ShouldBe(Said(facts, Now), $"seed {seed}: {facts}");
            var last = verdict.NextAt is { } next ? next - TimeSpan.FromTicks(1) : Now + TimeSpan.FromDays(1_000);
            last.ShouldBeGreaterThanOrEqualTo(Now, $"seed {seed}");
            PresenceRules.Of(facts, last).State.ShouldBe(verdict.State, $"seed {seed}: changed before {verdict.NextAt}");

            var moreInput = facts with { LastInput = Now };
            if (verdict.State == PresenceState.Online)
            {
                PresenceRules.Of(moreInput, Now).State.ShouldBe(PresenceState.Online, $"seed {seed}: input makes nobody less present");
            }

            var oneMore = facts with { Leases = facts.Leases.Add(Now + TimeSpan.FromSeconds(75)) };
            if (verdict.State is not (PresenceState.Offline or PresenceState.Unknown))
            {
                PresenceRules.Of(oneMore, Now).State.ShouldBe(verdict.State, $"seed {seed}: one more gateway changes nothing for who is connected");
            }
        }
    }

    private static PresenceState Said(PresenceFacts facts, DateTimeOffset now)
    {
        var connected = facts.Leases.Count(until => until > now) + (facts.GraceUntil > now ? 1 : 0) > 0;
        var settled = now >= facts.KnownFrom;
        var quiet = facts.LastInput is null || now - facts.LastInput >= TimeSpan.FromSeconds(300);
        var dnd = facts.Status == ManualStatus.Dnd && !(facts.Until <= now);
        return (connected, facts.Status) switch
        {
            (false, _) or (true, ManualStatus.Offline) => settled ? PresenceState.Offline : PresenceState.Unknown,
            (true, ManualStatus.Away) => PresenceState.Away,
            (true, _) when dnd => PresenceState.Dnd,
            (true, _) when !quiet => PresenceState.Online,
            (true, _) => settled ? PresenceState.Away : PresenceState.Unknown,
        };
    }

    private static PresenceFacts Any(Random random)
    {
        return new PresenceFacts
        {
            Leases = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Near(75))],
            GraceUntil = random.Next(3) == 0 ? Near(25) : null,
            KnownFrom = Near(25),
            LastInput = random.Next(5) == 0 ? null : Now - TimeSpan.FromSeconds(random.Next(3) == 0 ? 300 : random.Next(0, 601)),
            Status = (ManualStatus)random.Next(1, 5),
            Until = random.Next(2) == 0 ? null : Near(60),
        };

        DateTimeOffset Near(int seconds) => Now + TimeSpan.FromSeconds(random.Next(4) == 0 ? 0 : random.Next(-seconds, seconds + 1));
    }

    private static PresenceState StateOf(PresenceFacts facts) => PresenceRules.Of(facts, Now).State;
}
