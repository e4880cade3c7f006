using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Fanout;

/// <summary>One conversation as a gateway forwards it, event by event, with a log that the test writes.</summary>
public sealed class ConversationFeedTests
{
    private static readonly ConversationId Standup = ConversationId.Of(Guid.Parse("018f0000-0000-7000-8000-000000000000"));

    private readonly FakeTimeProvider _time = new();
    private readonly Log _log = new();
    private readonly RepairReads _repairs = new(1);
    private readonly FakeSocket _ann = new();
    private readonly FakeSocket _bob = new();
    private readonly TenantFeed _tenant;
    private readonly ConversationFeed _feed;

    public ConversationFeedTests()
    {
        _tenant = new TenantFeed(
            TenantId.Of(Helpdesk.Tenant), new Cluster(_log), _repairs, new FanoutOptions { WaitingChangesMax = 16 }, _time, FakeSocket.Instruments, NullLogger.Instance);
        foreach (var session in (Session[])[_ann.CreateSession("ann", new SocketOptions(), _time), _bob.CreateSession("bob", new SocketOptions(), _time)])
        {
            session.Views = [Standup];
            _tenant.Sessions.Add(session);
        }

        _feed = new ConversationFeed(_tenant, Standup);
        _log.Members = (1, ["ann", "bob"]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Events_InOrder_GoOutOnceAndMembersAreAskedOnce()
    {
        Arrives(1);
        Arrives(2);
        Arrives(3, 4);
        (await RevsAsync(_ann, 4)).ShouldBe([1L, 2, 3, 4]);
        (await RevsAsync(_bob, 4)).ShouldBe([1L, 2, 3, 4]);
        _log.MembersAsked.ShouldBe(1);
        _log.ChangesAsked.ShouldBeEmpty();
    }

    [Fact]
    [Rule("M14")]
    public async Task Event_ComingTwiceOrOverlapping_IsForwardedOnce()
    {
        Arrives(1);
        Arrives(1);
        Arrives(1, 2);
        Arrives(2);
        Arrives(3);
        (await RevsAsync(_ann, 3)).ShouldBe([1L, 2, 3]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Event_AfterAHole_TheLogFillsIt()
    {
        Arrives(1);
        await RevsAsync(_ann, 1);
        _log.Head = 4;
        Arrives(4);
        (await RevsAsync(_ann, 4)).ShouldBe([1L, 2, 3, 4]);
        _log.ChangesAsked.ShouldBe([1L]);

        Arrives(3); // Late: it has been read already.
        Arrives(5);
        (await RevsAsync(_ann, 5)).ShouldBe([1L, 2, 3, 4, 5]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Repair_NothingEverCame_ReadsFromTheFirstRecentChange()
    {
        _log.Head = 7;
        _feed.Repair(Recent(6, 7), 0);
        (await RevsAsync(_ann, 2)).ShouldBe([6L, 7]);
        _feed.IsBehind(Recent(6, 7)).ShouldBeFalse();
        _feed.IsBehind(Recent(6, 8)).ShouldBeTrue();
    }

    [Fact]
    [Rule("M12")]
    public async Task Hole_LargerThanAPage_EndsWithTheLastRealChangeAndGoesOn()
    {
        Arrives(1);
        await RevsAsync(_ann, 1);
        _log.Head = 500;
        _feed.Repair(Recent(400, 500), 0);
        (await RevsAsync(_ann, 2)).ShouldBe([1L, 500]);
        _ann.Heard.ShouldBe(["messagePosted", "messagePosted"]); // Never a stand-in: who has rev 499 must not miss 500.

        Arrives(501);
        (await RevsAsync(_ann, 3)).ShouldBe([1L, 500, 501]);
    }

    [Fact]
    [Rule("C10")]
    public async Task Members_OfANewerRev_AreLoadedBeforeTheEventGoesOut()
    {
        Arrives(1);
        await RevsAsync(_bob, 1);
        _log.Members = (2, ["ann"]);
        ArrivesWithMembersOf(2, 2);
        ArrivesWithMembersOf(2, 3);
        (await RevsAsync(_ann, 3)).ShouldBe([1L, 2, 3]);
        (await RevsAsync(_bob, 1)).ShouldBe([1L]);
        _log.MembersAsked.ShouldBe(2);
    }

    [Fact]
    [Rule("C10")]
    public async Task Members_OfAnOlderRev_NeverReplaceNewerOnes()
    {
        _log.Members = (5, ["ann"]);
        ArrivesWithMembersOf(5, 5);
        await RevsAsync(_ann, 1);
        _log.Members = (1, ["ann", "bob"]);
        ArrivesWithMembersOf(1, 6);
        (await RevsAsync(_ann, 2)).ShouldBe([5L, 6]);
        _bob.Heard.ShouldBeEmpty();
        _log.MembersAsked.ShouldBe(1);
    }

    [Fact]
    [Rule("C10")]
    public async Task Members_AnsweredByAStaleGrain_NothingGoesOutUntilTheyAreRight()
    {
        Arrives(1);
        await RevsAsync(_bob, 1);
        ArrivesWithMembersOf(2, 2); // The grain still answers with rev 1.
        _bob.Heard.Count.ShouldBe(1);

        _log.Members = (2, ["ann"]);
        _log.Head = 2;
        _log.MembersRev = 2;
        _feed.Repair(Recent(2, 2), 0);
        (await RevsAsync(_ann, 2)).ShouldBe([1L, 2]);
        _bob.Heard.Count.ShouldBe(1);
    }

    [Fact]
    [Rule("C10")]
    public async Task RemovedPerson_HearsOfTheRemovalAndNothingAfter()
    {
        Arrives(1);
        await RevsAsync(_bob, 1);
        _log.Members = (2, ["ann"]);
        _feed.OnAppended(Appended(2, [Log.Removal(2, "bob")]), 0);
        ArrivesWithMembersOf(2, 3);
        (await RevsAsync(_ann, 3)).ShouldBe([1L, 2, 3]);
        (await RevsAsync(_bob, 2)).ShouldBe([1L, 2]);
    }

    [Fact]
    [Rule("C10")]
    [Rule("M13")]
    public async Task Removal_LostBeforeTheFirstEventThatCame_IsToldByTheRepair()
    {
        _log.Members = (10, ["ann"]);
        (_log.Head, _log.MembersRev) = (11, 10);
        _log.Removals.Add(10, "bob");
        ArrivesWithMembersOf(10, 11);
        (await RevsAsync(_ann, 1)).ShouldBe([11L]);
        _feed.IsBehind(Recent(11, 11)).ShouldBeFalse();
        _feed.IsBehind(Recent(10, 11)).ShouldBeTrue();

        _feed.Repair(Recent(10, 11), 0);

        (await RevsAsync(_bob, 1)).ShouldBe([10L]);
        (await RevsAsync(_ann, 2)).ShouldBe([11L, 10]); // Whoever has rev 11 without a hole drops it.
        _feed.IsBehind(Recent(10, 11)).ShouldBeFalse();
        ArrivesWithMembersOf(10, 12);
        (await RevsAsync(_ann, 3)).ShouldBe([11L, 10, 12]);
        _log.ChangesAsked.ShouldBe([9L]);
    }

    [Fact]
    [Rule("M13")]
    public async Task EarlierChanges_WhileTheGrainFails_AreAskedForAgain()
    {
        Arrives(2);
        await RevsAsync(_ann, 1);
        (_log.Head, _log.Fails) = (2, true);
        _feed.Repair(Recent(1, 2), 0);
        _log.Fails = false;

        _feed.AskAgain();

        (await RevsAsync(_ann, 2)).ShouldBe([2L, 1]);
    }

    [Fact]
    [Rule("C10")]
    [Rule("M12")]
    public async Task Removal_InAHoleLargerThanAPage_TheRemovedPersonIsToldToSync()
    {
        Arrives(1);
        await RevsAsync(_bob, 1);
        _log.Members = (300, ["ann"]);
        (_log.Head, _log.MembersRev) = (500, 300);

        _feed.Repair(Recent(400, 500), 0);

        (await RevsAsync(_ann, 2)).ShouldBe([1L, 500]);
        await _bob.HeardAsync(2);
        _bob.Heard.ShouldBe(["messagePosted", "resync"]);
        _ann.Heard.ShouldBe(["messagePosted", "messagePosted"]);
    }

    [Fact]
    [Rule("C10")]
    [Rule("T6")]
    public async Task Typing_ToldByAGrainThatDoesNotKnowOfARemoval_IsHeardByMembersAlone()
    {
        var typing = new TypingChanged
        {
            TenantId = TenantId.Of(Helpdesk.Tenant), ConversationId = Standup, UserId = UserId.Of("cleo"), Typing = true, Recipients = [UserId.Of("ann"), UserId.Of("bob")],
        };
        _tenant.Deliver(typing); // Nothing is known of the members here: the grain's word counts.
        await _bob.HeardAsync(1);
        _log.Members = (2, ["ann"]);
        (_log.Head, _log.MembersRev) = (2, 2);
        _tenant.Repair(Recent(2, 2));
        await _ann.HeardAsync(2);

        _tenant.Deliver(typing);

        await _ann.HeardAsync(3);
        _ann.Heard.ShouldBe(["typing", "messagePosted", "typing"]);
        _bob.Heard.ShouldBe(["typing"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Events_WhileTheGrainDoesNotAnswer_WaitUpToTheBoundThenTheLogHasThem()
    {
        _log.Holds();
        for (var rev = 1; rev <= 100; rev++)
        {
            Arrives(rev);
        }

        _log.Head = 100;
        _log.Releases();
        (await RevsAsync(_ann, 100)).ShouldBe(Enumerable.Range(1, 100).Select(rev => (long)rev));
    }

    [Fact]
    [Rule("M13")]
    public async Task Grain_ThatFails_IsAskedAgainByTheNextRepair()
    {
        _log.Fails = true;
        Arrives(1);
        _ann.Heard.ShouldBeEmpty();
        _feed.IsBehind(Recent(1, 1)).ShouldBeTrue();

        _log.Fails = false;
        _log.Head = 1;
        _feed.Repair(Recent(1, 1), 0);
        (await RevsAsync(_ann, 1)).ShouldBe([1L]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Repair_WhileOthersAreRead_WaitsItsTurnAndIsNotMissingASecondTime()
    {
        var others = OthersAreRead();
        _log.Head = 3;
        _feed.Repair(Recent(1, 2), 0);
        _feed.IsBehind(Recent(1, 2)).ShouldBeFalse();
        _feed.IsBehind(Recent(1, 3)).ShouldBeTrue();
        _feed.Repair(Recent(1, 3), 0);
        _log.ChangesAsked.ShouldBeEmpty();

        others.SetResult();

        (await RevsAsync(_ann, 3)).ShouldBe([1L, 2, 3]);
        _log.ChangesAsked.ShouldBe([0L]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Event_WhileTheRepairWaitsItsTurn_BringsWhatIsMissingAtOnce()
    {
        var others = OthersAreRead();
        _log.Head = 2;
        _feed.Repair(Recent(1, 2), 0);
        Arrives(3);

        (await RevsAsync(_ann, 3)).ShouldBe([1L, 2, 3]);
        others.SetResult();
        Arrives(4);
        (await RevsAsync(_ann, 4)).ShouldBe([1L, 2, 3, 4]);
        _log.ChangesAsked.ShouldBe([0L]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Grain_ThatFails_IsAskedAgainInItsTurn()
    {
        _log.Fails = true;
        Arrives(1);
        var others = OthersAreRead();
        _log.Fails = false;
        _log.Head = 1;
        _feed.AskAgain();
        _feed.AskAgain();
        _log.ChangesAsked.ShouldBeEmpty();

        others.SetResult();

        (await RevsAsync(_ann, 1)).ShouldBe([1L]);
        _log.ChangesAsked.ShouldBe([0L]);
    }

    private static async Task<IReadOnlyList<long>> RevsAsync(FakeSocket socket, int frames)
    {
        await socket.HeardAsync(frames);
        return [.. socket.Frames.Select(frame => frame.GetProperty("arguments")[0].GetProperty("rev").GetInt64())];
    }

    private static ConversationAppended Appended(long membersRev, ImmutableArray<ConversationChange> changes) =>
        new() { TenantId = TenantId.Of(Helpdesk.Tenant), ConversationId = Standup, MembersRev = membersRev, Changes = changes };

    private static RecentChange Recent(long from, long to) =>
        new() { TenantId = TenantId.Of(Helpdesk.Tenant), ConversationId = Standup, FromRev = from, ToRev = to };

    /// <summary>Every repair that the gateway may read at once is under way until this is set.</summary>
    private TaskCompletionSource OthersAreRead()
    {
        var others = new TaskCompletionSource();
        _repairs.Add(TenantId.Of(Helpdesk.Tenant), () => others.Task);
        return others;
    }

    /// <summary>An event of these revs, of the members that were there from the beginning.</summary>
    private void Arrives(params long[] revs) => _feed.OnAppended(Appended(1, [.. revs.Select(Log.Change)]), 0);

    private void ArrivesWithMembersOf(long membersRev, long rev) => _feed.OnAppended(Appended(membersRev, [Log.Change(rev)]), 0);

    /// <summary>What the conversation's grain would answer.</summary>
    private sealed class Log : IConversationGrain
    {
        private TaskCompletionSource _answers = Answering();

        internal (long Rev, string[] Users) Members { get; set; }

        internal long Head { get; set; }

        internal long MembersRev { get; set; } = 1;

        internal bool Fails { get; set; }

        internal int MembersAsked { get; private set; }

        internal List<long> ChangesAsked { get; } = [];

        /// <summary>Who was removed by which rev.</summary>
        internal Dictionary<long, string> Removals { get; } = [];

        internal static ConversationChange Removal(long rev, string user) => Change(rev) with
        {
            Posted = Change(rev).Posted! with { Kind = MessageKind.System, Fact = new SystemFact { Kind = SystemFactKind.Removed, Targets = [UserId.Of(user)] } },
        };

        internal static ConversationChange Change(long rev) => new()
        {
            Rev = rev,
            Posted = new Message
            {
                Seq = rev,
                Rev = rev,
                Kind = MessageKind.Text,
                AuthorId = UserId.Of("ann"),
                AuthorName = "Ann",
                ClientId = Guid.NewGuid(),
                Text = $"{rev}",
                Time = DateTimeOffset.UnixEpoch,
            },
        };

        internal void Holds() => _answers = new TaskCompletionSource();

        internal void Releases() => _answers.SetResult();

        public async Task<MemberList> MembersAsync(CancellationToken cancellationToken)
        {
            MembersAsked++;
            await _answers.Task;
            Check();
            return new MemberList { MembersRev = Members.Rev, Members = [.. Members.Users.Select(UserId.Of)] };
        }

        public async Task<ConversationAppended?> AppendedSinceAsync(long rev, CancellationToken cancellationToken)
        {
            ChangesAsked.Add(rev);
            await _answers.Task;
            Check();
            return Head - rev is > 0 and <= 200
                ? Appended(MembersRev, [.. Enumerable.Range((int)rev + 1, (int)(Head - rev)).Select(next =>
                    Removals.TryGetValue(next, out var removed) ? Removal(next, removed) : Change(next))])
                : null;
        }

        public Task<CommandResult> PostAsync(PostMessage command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> EditAsync(EditMessage command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> DeleteAsync(DeleteMessage command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> ReactAsync(ReactToMessage command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> AddMembersAsync(AddMembers command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> RemoveMemberAsync(RemoveMember command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandResult> RenameAsync(RenameGroup command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<MembersPage> ListMembersAsync(MembersQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<VersionsPage> VersionsAsync(Caller caller, long seq, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TypingResult> TypingAsync(TypingNotice notice, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SetRetentionResult> SetRetentionAsync(SetRetention command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PurgeResult> PurgeAsync(int? tenantDays, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CreateGroupResult> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        private static TaskCompletionSource Answering()
        {
            var answers = new TaskCompletionSource();
            answers.SetResult();
            return answers;
        }

        private void Check()
        {
            if (Fails)
            {
                throw new TimeoutException();
            }
        }
    }

    private sealed class Cluster(Log log) : IGrainLink
    {
        public IClusterClient Client { get; } = OneGrainClient.Create($"acme/{Standup}", log);
    }
}
