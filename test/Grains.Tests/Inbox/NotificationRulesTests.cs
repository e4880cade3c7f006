using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

public sealed class NotificationRulesTests
{
    private static readonly UserId Ann = UserId.Of("ann");
    private static readonly UserId Bob = UserId.Of("bob");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NotificationSettings Unmuted = new() { Level = NotificationLevel.Default };
    private static readonly MentionSet Named = new() { Users = [Ann] };
    private static readonly MentionSet All = new() { All = true };

    [Theory]
    [Rule("N7")]
    [InlineData(ConversationKind.Direct, NotificationLevel.Default, true, NotificationReason.Direct)]
    [InlineData(ConversationKind.Direct, NotificationLevel.All, true, NotificationReason.Direct)]
    [InlineData(ConversationKind.Direct, NotificationLevel.Mentions, false, NotificationReason.LevelMentions)]
    [InlineData(ConversationKind.Direct, NotificationLevel.Nothing, false, NotificationReason.LevelNothing)]
    [InlineData(ConversationKind.Group, NotificationLevel.Default, false, NotificationReason.LevelMentions)]
    [InlineData(ConversationKind.Group, NotificationLevel.All, true, NotificationReason.LevelAll)]
    [InlineData(ConversationKind.Group, NotificationLevel.Mentions, false, NotificationReason.LevelMentions)]
    [InlineData(ConversationKind.Group, NotificationLevel.Nothing, false, NotificationReason.LevelNothing)]
    public void Decide_TextWithoutMentions_GoesByLevelAndKind(ConversationKind kind, NotificationLevel level, bool notified, NotificationReason reason) =>
        NotificationRules.Decide(Read(kind: kind, settings: Unmuted with { Level = level }), Ann).ShouldBe((notified, reason));

    [Theory]
    [Rule("N7")]
    [InlineData(NotificationLevel.Default, true, NotificationReason.WideMention)]
    [InlineData(NotificationLevel.All, true, NotificationReason.WideMention)]
    [InlineData(NotificationLevel.Mentions, true, NotificationReason.WideMention)]
    [InlineData(NotificationLevel.Nothing, false, NotificationReason.LevelNothing)]
    public void Decide_WideMention_GoesByLevel(NotificationLevel level, bool notified, NotificationReason reason)
    {
        var settings = Unmuted with { Level = level };
        NotificationRules.Decide(Read(All, settings: settings), Ann).ShouldBe((notified, reason));
        NotificationRules.Decide(Read(new MentionSet { Here = [Ann] }, settings: settings), Ann).ShouldBe((notified, reason));
        NotificationRules.Decide(Read(new MentionSet { Here = [Bob] }, settings: Unmuted), Ann).Notified.ShouldBeFalse();
    }

    [Theory]
    [Rule("N5")]
    [InlineData(NotificationLevel.Nothing, true)]
    [InlineData(NotificationLevel.Default, true)]
    [InlineData(NotificationLevel.Nothing, false)]
    public void Decide_ByName_NotifiesWhateverTheSettings(NotificationLevel level, bool muted)
    {
        var settings = Unmuted with { Level = level, MutedFrom = muted ? Noon : null };
        foreach (var kind in new[] { ConversationKind.Direct, ConversationKind.Group })
        {
            NotificationRules.Decide(Read(Named, kind, settings), Ann).ShouldBe((true, NotificationReason.Mention));
        }
    }

    [Theory]
    [Rule("U11")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void Decide_PostedAroundAMute_IsMutedWithinIt(int minutes, bool muted)
    {
        var settings = new NotificationSettings { Level = NotificationLevel.All, MutedFrom = Noon, MutedUntil = Noon.AddHours(1) };
        var reason = NotificationRules.Decide(Read(All, settings: settings, at: Noon.AddMinutes(minutes)), Ann).Reason;
        reason.ShouldBe(muted ? NotificationReason.Muted : NotificationReason.WideMention);
    }

    [Fact]
    [Rule("N12")]
    public void Decide_NotForMe_SaysWhy()
    {
        var read = Read(Named);
        NotificationRules.Decide(read, Bob).ShouldBe((false, NotificationReason.Own));
        NotificationRules.Decide(read with { WasMember = false }, Ann).ShouldBe((false, NotificationReason.NotMember));
        NotificationRules.Decide(read with { Message = read.Message with { DeletedAt = Noon, Mentions = null } }, Ann).ShouldBe(
            (true, NotificationReason.Mention), "it did, before it was deleted");
        NotificationRules.Decide(Fact(SystemFactKind.Added, Ann), Ann).ShouldBe((true, NotificationReason.Added));
        NotificationRules.Decide(Fact(SystemFactKind.Added, Bob), Ann).ShouldBe((false, NotificationReason.System));
        NotificationRules.Decide(Fact(SystemFactKind.Removed, Ann), Ann).ShouldBe((false, NotificationReason.System));
    }

    [Fact]
    [Rule("U11")]
    public void Change_MuteOnAgain_KeepsItsBeginning()
    {
        var muted = Change(Unmuted, MuteChange.On, Noon, until: null);
        muted.ShouldBe(Unmuted with { MutedFrom = Noon });
        var timed = Change(muted, MuteChange.On, Noon.AddMinutes(5), Noon.AddHours(1));
        timed.ShouldBe(Unmuted with { MutedFrom = Noon, MutedUntil = Noon.AddHours(1) });
        Change(timed, MuteChange.Off, Noon.AddMinutes(10), null).ShouldBe(Unmuted with { MutedFrom = Noon, MutedUntil = Noon.AddMinutes(10) });
        Change(timed, MuteChange.Off, Noon.AddHours(2), null).ShouldBe(timed, "it had ended");
        Change(timed, MuteChange.On, Noon.AddHours(1), null).ShouldBe(Unmuted with { MutedFrom = Noon.AddHours(1) }, "it had ended: a new one begins");
        Change(Unmuted, MuteChange.On, Noon, Noon).ShouldBe(Unmuted, "an end that is past mutes nothing");
        Change(timed, MuteChange.On, Noon.AddMinutes(10), Noon).MutedUntil.ShouldBe(Noon.AddMinutes(10));
    }

    [Fact]
    [Rule("U11")]
    public void Change_Mute_LiesOnWholeMilliseconds()
    {
        var muted = Change(Unmuted, MuteChange.On, Noon.AddTicks(12_345), Noon.AddHours(1).AddTicks(9_999));
        (muted.MutedFrom, muted.MutedUntil).ShouldBe((Noon.AddMilliseconds(1), Noon.AddHours(1)));
        Change(muted, MuteChange.Off, Noon.AddMilliseconds(5).AddTicks(1), null).MutedUntil.ShouldBe(Noon.AddMilliseconds(6), "what was posted before stays muted");
    }

    [Fact]
    [Rule("N7")]
    public void Change_LevelAlone_KeepsTheMute()
    {
        var muted = Unmuted with { MutedFrom = Noon };
        var command = Command(null, null) with { Level = NotificationLevel.All };
        NotificationRules.Change(muted, command, Noon.AddHours(1)).ShouldBe(muted with { Level = NotificationLevel.All });
        NotificationRules.Change(muted, Command(null, null), Noon).ShouldBe(muted);
    }

    [Fact]
    [Rule("N12")]
    public void Decide_MentionedByAnEdit_GoesByTheTimeOfTheEdit()
    {
        var (edited, nothing) = (Noon.AddHours(1), Unmuted with { Level = NotificationLevel.Nothing });
        var named = Read(settings: nothing) with { NamedAt = edited };
        NotificationRules.Decide(named, Ann).ShouldBe((true, NotificationReason.Mention));
        NotificationRules.Decide(named with { WasMember = false }, Ann).ShouldBe((true, NotificationReason.Mention), "whom an edit names is a member then");
        NotificationRules.Decide(named with { Settings = Unmuted with { Level = NotificationLevel.All } }, Ann).ShouldBe(
            (true, NotificationReason.LevelAll), "it had notified before");

        var widely = Read(settings: nothing) with { WidelyAt = edited, SettingsWidely = Unmuted };
        NotificationRules.Decide(widely, Ann).ShouldBe((true, NotificationReason.WideMention));
        NotificationRules.Decide(widely with { SettingsWidely = nothing }, Ann).ShouldBe((false, NotificationReason.LevelNothing));
        NotificationRules.Decide(widely with { SettingsWidely = Unmuted with { MutedFrom = edited } }, Ann).ShouldBe((false, NotificationReason.Muted));
        NotificationRules.Decide(widely with { WasMember = false }, Ann).ShouldBe((false, NotificationReason.NotMember));
        NotificationRules.Decide(widely, Bob).ShouldBe((false, NotificationReason.Own));
    }

    private static NotificationSettings Change(NotificationSettings before, MuteChange mute, DateTimeOffset now, DateTimeOffset? until) =>
        NotificationRules.Change(before, Command(mute, until), now);

    private static SetNotifications Command(MuteChange? mute, DateTimeOffset? until) => new()
    {
        Caller = new Caller { TenantId = TenantId.Of("acme"), UserId = Ann, Name = "Ann", Permissions = default },
        ConversationId = ConversationId.Direct(Ann, Bob),
        Mute = mute,
        MutedUntil = until,
    };

    private static NotifiedRead Fact(SystemFactKind kind, UserId target)
    {
        var read = Read();
        return read with { Message = read.Message with { Kind = MessageKind.System, Fact = new SystemFact { Kind = kind, Targets = [target] } } };
    }

    private static NotifiedRead Read(
        MentionSet? mentions = null, ConversationKind kind = ConversationKind.Group, NotificationSettings? settings = null, DateTimeOffset? at = null) => new()
    {
        Kind = kind,
        Settings = settings ?? Unmuted,
        SettingsWidely = settings ?? Unmuted,
        WasMember = true,
        NamedAt = mentions?.Users.Contains(Ann) == true ? at ?? Noon : null,
        WidelyAt = mentions is not null && (mentions.All || mentions.Here.Contains(Ann)) ? at ?? Noon : null,
        Devices = [],
        Message = new Message
        {
            Seq = 1,
            Rev = 1,
            Kind = MessageKind.Text,
            AuthorId = Bob,
            AuthorName = "Bob",
            ClientId = Guid.Empty,
            Text = "hi",
            Time = at ?? Noon,
            Mentions = mentions,
        },
    };
}
