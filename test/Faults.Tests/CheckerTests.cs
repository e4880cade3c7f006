using OrleansChat.Checker;

namespace OrleansChat.Faults.Tests;

/// <summary>The checker finds every kind of broken promise; each is planted into a history that is well.</summary>
public sealed class CheckerTests
{
    private const string Talk = "dm/ann~bob";
    private readonly List<HistoryEntry> _history = [];
    private readonly List<StoredMessage> _messages = [];
    private readonly List<long> _revs = [];
    private readonly List<StoredMembership> _memberships = [new("ann", 1, null), new("bob", 1, null)];
    private long _headSeq;
    private long _headRev;

    public CheckerTests()
    {
        for (var seq = 1; seq <= 6; seq++)
        {
            var author = seq % 2 == 1 ? "ann" : "bob";
            Post(seq, author, Phase.Invoke);
            if (seq == 3)
            {
                Post(seq, author, Phase.Info); // Answered only when repeated.
                Post(seq, author, Phase.Invoke);
            }

            Post(seq, author, Phase.Ok);
            foreach (var client in new[] { "ann", "bob", "bob's phone" })
            {
                Told(Operation.Push, client, seq);
                Told(Operation.Apply, client, seq);
            }

            _messages.Add(new StoredMessage { Seq = seq, Rev = seq, IsText = true, Author = author, Id = Id(seq), Hash = Hash(seq), Time = 1000 + seq });
            _revs.Add(seq);
        }

        Add(new HistoryEntry { Client = "ann", User = "ann", Op = Operation.Post, Phase = Phase.Invoke, Conversation = Talk, Id = Id(99), Hash = Hash(99) });
        Add(new HistoryEntry { Client = "ann", User = "ann", Op = Operation.Post, Phase = Phase.Fail, Conversation = Talk, Id = Id(99), Note = "textEmpty" });
        foreach (var client in new[] { "ann", "bob" })
        {
            for (var seq = 1; seq <= 6; seq++)
            {
                Told(Operation.Read, client, seq);
            }
        }

        (_headSeq, _headRev) = (6, 6);
    }

    [Fact]
    public void Check_AllIsWell_FindsNothing() => Check().ShouldBeEmpty();

    [Fact]
    public void Check_AckedMessageIsNotStored_BreaksI1()
    {
        _messages.RemoveAt(5);
        _revs.RemoveAt(5);
        (_headSeq, _headRev) = (5, 5);
        ShouldFind("I-1");
    }

    [Fact]
    public void Check_AckedMessageIsStoredElsewhere_BreaksI1()
    {
        Replace(Operation.Post, Phase.Ok, 6, entry => entry with { Seq = 7 });
        ShouldFind("I-1");
    }

    [Fact]
    public void Check_AckedMessageIsMissingInAMembersReading_BreaksI1()
    {
        _history.RemoveAll(entry => entry is { Op: Operation.Read, Client: "bob", Seq: 4 });
        ShouldFind("I-1");
    }

    [Fact]
    public void Check_StoredMessageWasNeverSent_BreaksI2()
    {
        _history.RemoveAll(entry => entry.Op == Operation.Post && entry.Id == Id(2));
        ShouldFind("I-2");
    }

    [Fact]
    public void Check_StoredTextIsNotWhatWasSent_BreaksI2()
    {
        _messages[1] = _messages[1] with { Hash = Hash(42) };
        ShouldFind("I-2");
    }

    [Fact]
    public void Check_StoredUnderAnotherAuthor_BreaksI2()
    {
        _messages[1] = _messages[1] with { Author = "ann" };
        ShouldFind("I-2");
    }

    [Fact]
    public void Check_CommandStoredTwice_BreaksI3()
    {
        _messages.Add(_messages[2] with { Seq = 7, Rev = 7 });
        _revs.Add(7);
        (_headSeq, _headRev) = (7, 7);
        ShouldFind("I-3");
    }

    [Fact]
    public void Check_RepetitionAnsweredWithAnotherPlace_BreaksI3()
    {
        Add(_history.First(entry => entry is { Op: Operation.Post, Phase: Phase.Ok, Seq: 3 }) with { Seq = 4, Rev = 4 });
        ShouldFind("I-3");
    }

    [Fact]
    public void Check_RefusedCommandIsStored_BreaksI4()
    {
        _messages.Add(new StoredMessage { Seq = 7, Rev = 7, IsText = true, Author = "ann", Id = Id(99), Hash = Hash(99), Time = 1007 });
        _revs.Add(7);
        (_headSeq, _headRev) = (7, 7);
        ShouldFind("I-4");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Check_GapInACounter_BreaksI5(bool inSeq, bool inRev)
    {
        if (inSeq)
        {
            _messages[5] = _messages[5] with { Seq = 7 };
            _headSeq = 7;
        }

        if (inRev)
        {
            _revs[5] = 7;
            _headRev = 7;
        }

        ShouldFind("I-5");
    }

    [Theory]
    [InlineData(7, 6)]
    [InlineData(6, 5)]
    public void Check_HeadIsNotTheEnd_BreaksI5(long seq, long rev)
    {
        (_headSeq, _headRev) = (seq, rev);
        ShouldFind("I-5");
    }

    [Fact]
    public void Check_TwoMessagesShownInAnotherOrder_BreaksI6()
    {
        var (three, four) = (Shown("bob", 3), Shown("bob", 4));
        (_history[three], _history[four]) = (_history[four], _history[three]);
        ShouldFind("I-6");
    }

    [Fact]
    public void Check_AMessageShownTwice_BreaksI6()
    {
        _history.Insert(Shown("bob", 3), _history[Shown("bob", 3)]);
        ShouldFind("I-6");
    }

    [Fact]
    public void Check_AHoleInWhatIsShown_BreaksI6AndI9()
    {
        _history.RemoveAt(Shown("bob's phone", 3));
        ShouldFind("I-6");
        ShouldFind("I-9");
    }

    [Fact]
    public void Check_SentAfterAnAckButStandsBefore_BreaksI7()
    {
        Swap(1, 4); // ann's first and bob's second
        ShouldFind("I-7");
    }

    [Fact]
    public void Check_OneSendersMessagesSwapped_BreaksI8()
    {
        Swap(1, 3);
        ShouldFind("I-8");
    }

    [Fact]
    public void Check_AClientNeverShowsTheLastMessage_BreaksI9()
    {
        _history.RemoveAt(Shown("bob's phone", 6));
        ShouldFind("I-9");
    }

    [Theory]
    [InlineData(Operation.Push)]
    [InlineData(Operation.Apply)]
    [InlineData(Operation.Read)]
    public void Check_ToldOtherContentThanStored_BreaksI10(Operation operation)
    {
        foreach (var told in new Func<HistoryEntry, HistoryEntry>[]
        {
            entry => entry with { Hash = Hash(42) },
            entry => entry with { Author = "carl" },
            entry => entry with { Time = 1 },
            entry => entry with { Id = Id(42) },
        })
        {
            var at = _history.FindIndex(entry => entry.Op == operation && entry.Seq == 3);
            var before = _history[at];
            _history[at] = told(before);
            ShouldFind("I-10");
            _history[at] = before;
        }
    }

    [Fact]
    public void Check_ToldOfAMessageThatIsNotStored_BreaksI10()
    {
        Add(_history.First(entry => entry.Op == Operation.Push) with { Seq = 7, Rev = 7, Id = Id(7), Hash = Hash(7), Time = 1007 });
        ShouldFind("I-10");
    }

    [Fact]
    public void Check_AckWithAnotherTime_BreaksI10()
    {
        Replace(Operation.Post, Phase.Ok, 6, entry => entry with { Time = 1 });
        ShouldFind("I-10");
    }

    [Fact]
    public void History_WrittenAndRead_IsTheSame()
    {
        using var folder = new TempFolder();
        var path = folder.File("history.jsonl");
        using (var history = new History(path))
        {
            _history.ForEach(history.Add);
        }

        var read = History.Read(path);
        read.Select(entry => entry with { T = 0 }).ShouldBe(_history.Select(entry => entry with { T = 0 }));
        read.Select(entry => entry.T).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public void Check_StrangerIsTold_BreaksI14()
    {
        Told(Operation.Push, "mallory", 4);
        ShouldFind("I-14");
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Check_RemovedPersonIsToldOfMoreThanTheRemoval_BreaksI14(int seq, bool broken)
    {
        _memberships.Add(new StoredMembership("carl", 1, 4));
        Told(Operation.Push, "carl", seq);
        Check().Select(violation => violation.Invariant).Contains("I-14").ShouldBe(broken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_NewMemberIsToldBeforeAnybodyAddedThem_BreaksI14(bool before)
    {
        _memberships.Add(new StoredMembership("carl", 5, null));
        if (before)
        {
            Told(Operation.Push, "carl", 3);
        }

        Add(new HistoryEntry { Client = "admin", User = "admin", Op = Operation.Add, Phase = Phase.Invoke, Conversation = Talk, Id = Id(5), Author = "carl" });
        if (!before)
        {
            Told(Operation.Push, "carl", 3);
        }

        Check().Select(violation => violation.Invariant).Contains("I-14").ShouldBe(before);
    }

    [Theory]
    [InlineData("ann", 3)]
    [InlineData("bob", 5)]
    public void Check_AuthorDidNotBelongThen_BreaksI14(string author, long border)
    {
        _memberships.RemoveAll(membership => membership.User == author);
        _memberships.Add(author == "ann" ? new StoredMembership(author, border, null) : new StoredMembership(author, 1, border));
        ShouldFind("I-14");
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static string Hash(int number) => History.HashOf($"text {number}");

    private IReadOnlyList<Violation> Check() => HistoryChecker.Check(_history,
    [
        new StoredConversation { Id = Talk, HeadSeq = _headSeq, HeadRev = _headRev, Memberships = _memberships, Messages = _messages, Revs = _revs },
    ]);

    private void ShouldFind(string invariant) => Check().Select(violation => violation.Invariant).ShouldContain(invariant);

    private void Add(HistoryEntry entry) => _history.Add(entry with { T = _history.Count });

    private void Post(int seq, string author, Phase phase) => Add(new HistoryEntry
    {
        Client = author,
        User = author,
        Op = Operation.Post,
        Phase = phase,
        Conversation = Talk,
        Id = Id(seq),
        Hash = Hash(seq),
        Seq = phase == Phase.Ok ? seq : 0,
        Rev = phase == Phase.Ok ? seq : 0,
        Time = phase == Phase.Ok ? 1000 + seq : 0,
    });

    private void Told(Operation operation, string client, int seq) => Add(new HistoryEntry
    {
        Client = client,
        User = client.Split('\'')[0],
        Op = operation,
        Phase = Phase.Ok,
        Conversation = Talk,
        Id = Id(seq),
        Hash = Hash(seq),
        Author = seq % 2 == 1 ? "ann" : "bob",
        Seq = seq,
        Rev = seq,
        Time = 1000 + seq,
    });

    private int Shown(string client, long seq) => _history.FindIndex(entry => entry.Op == Operation.Apply && entry.Client == client && entry.Seq == seq);

    private void Replace(Operation operation, Phase phase, long seq, Func<HistoryEntry, HistoryEntry> change)
    {
        var at = _history.FindIndex(entry => entry.Op == operation && entry.Phase == phase && entry.Seq == seq);
        _history[at] = change(_history[at]);
    }

    /// <summary>Two messages change places in the store.</summary>
    private void Swap(int one, int other)
    {
        var (a, b) = (_messages[one - 1], _messages[other - 1]);
        _messages[one - 1] = b with { Seq = a.Seq, Rev = a.Rev };
        _messages[other - 1] = a with { Seq = b.Seq, Rev = b.Rev };
    }
}
