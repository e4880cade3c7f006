using OrleansChat.Conversations;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Running;
using OrleansChat.Model.Tests.Testing;

namespace OrleansChat.Model.Tests;

/// <summary>
/// Random commands of many people against the real grains and a plain model of the semantics: same answers, same unread, same
/// lists, same events: 300 times 200 commands, with CHAT_CAMPAIGN=full 10,000 times; MODEL_SEEDS=n runs as many, CHAT_SEED=n one.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int SeedsInMemory = 300, SeedsInMemoryFull = 10_000;
    private const int SeedsOnDisk = 20, SeedsOnDiskFull = 200;

    /// <summary>What must have happened in a campaign for the rules below to mean something.</summary>
    private static readonly string[] Happened =
    [
        "Post done", "Post again", "Post NotFound", "Post Forbidden", "Post TextEmpty", "Post TextInvalid", "Post ClientIdReused", "Post TooManyMentions",
        "Post WideMentionForbidden", "Post ConfirmationNeeded", "Post MessageNotFound", "Post PeerInactive", "Post with @here done", "@here reached somebody",
        "Edit done", "Edit again", "Edit NotFound", "Edit Forbidden", "Edit MessageNotFound", "Edit MessageDeleted", "Edit VersionStale", "Edit ConfirmationNeeded",
        "Edit WideMentionForbidden", "Edit ClientIdReused",
        "Delete done", "Delete again", "Delete NotFound", "Delete Forbidden", "Delete MessageNotFound",
        "React done", "React again", "React NotFound", "React MessageDeleted", "React EmojiInvalid", "React TooManyReactions", "React PeerInactive",
        "Create done", "Create TitleInvalid", "Create Forbidden", "Create UnknownMember", "Create MemberRestricted", "Create ClientIdReused",
        "Add done", "Add again", "Add NotFound", "Add Forbidden", "Add UnknownMember", "Add MemberRestricted", "Add TooManyMembers",
        "Remove done", "Remove again", "Remove NotFound", "Remove Forbidden", "Rename done", "Rename again", "Rename TitleInvalid", "Rename Forbidden",
        "MarkRead done", "MarkRead none", "MarkUnread done", "MarkUnread none", "MarkAllRead done", "MarkAllRead nothing",
        "UndoMarkAllRead done", "UndoMarkAllRead nothing", "UndoMarkAllRead expired", "SetNotified done", "SetNotified none",
        "History done", "History not found", "Versions done", "Versions not found", "Members done", "Members not found", "Sync done", "Sync reset", "Sync none",
        "ListMentions done", "MarkMention done", "Keep done", "Provision done", "Shows done",
    ];

    [Fact]
    [Rule("C1")]
    [Rule("C2")]
    [Rule("C4")]
    [Rule("C5")]
    [Rule("C8")]
    [Rule("C10")]
    [Rule("C11")]
    [Rule("C12")]
    [Rule("C14")]
    [Rule("M1")]
    [Rule("M2")]
    [Rule("M3")]
    [Rule("M8")]
    [Rule("M9")]
    [Rule("M10")]
    [Rule("M11")]
    [Rule("M12")]
    [Rule("M14")]
    [Rule("U1")]
    [Rule("U2")]
    [Rule("U3")]
    [Rule("U4")]
    [Rule("U5")]
    [Rule("U8")]
    [Rule("U10")]
    [Rule("U11")]
    [Rule("U12")]
    [Rule("N5")]
    [Rule("N7")]
    [Rule("N10")]
    [Rule("L1")]
    [Rule("L2")]
    [Rule("N1")]
    [Rule("N3")]
    [Rule("N4")]
    [Rule("R1")]
    [Rule("R2")]
    [Rule("R3")]
    [Rule("W3")]
    public async Task Commands_Random_AnswerAndReadLikeTheModel()
    {
        var seeds = Campaign.SeedsOf(SeedsInMemory, SeedsInMemoryFull);
        var coverage = await Campaign.RunAsync(Store.SqliteInMemory, seeds, NoDatabase, output);
        if (seeds.Length > 1)
        {
            coverage.Changes.Keys.ShouldBe(Enum.GetValues<ChangeKind>().Where(kind => kind != ChangeKind.Unknown), ignoreOrder: true);
            coverage.Facts.Keys.ShouldBe(Enum.GetValues<SystemFactKind>(), ignoreOrder: true);
        }

        output.WriteLine(string.Join(", ", coverage.Answers.Order(StringComparer.Ordinal)));
        if (seeds.Length >= SeedsInMemory)
        {
            Happened.Where(answer => !coverage.Answers.Contains(answer)).ShouldBeEmpty("what never happens defends no rule");
        }
    }

    [Theory]
    [InlineData(Store.SqliteFile)]
    [InlineData(Store.Postgres)]
    public async Task Commands_RandomOnADurableStore_AnswerAndReadLikeTheModel(Store store)
    {
        Assert.SkipWhen(store == Store.Postgres && PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        var postgres = await TestContext.Current.GetFixture<PostgresRun>();
        await Campaign.RunAsync(store, Campaign.SeedsOf(SeedsOnDisk, SeedsOnDiskFull), postgres!.CreateDatabaseAsync, output);
    }

    [Fact]
    [Rule("M14")]
    public void Signals_EveryKind_AreToldApart() =>
        Signals.OfConversations.Keys.ShouldBe(
            typeof(TenantSignal).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TenantSignal))), ignoreOrder: true);

    private static Task<string> NoDatabase() => throw new InvalidOperationException("SQLite has no server.");
}
