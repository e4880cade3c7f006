namespace OrleansChat.Checker;

/// <summary>A promise that a run broke.</summary>
/// <param name="Invariant">Its id, such as <c>I-1</c>.</param>
/// <param name="What">Where and how.</param>
public sealed record Violation(string Invariant, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{Invariant}: {What}";
}

/// <summary>
/// Decides from what clients saw and what is stored whether a run kept its promises. Knows nothing of how messages get
/// from one to the other, and is itself tested with histories that break each promise.
/// </summary>
public sealed class HistoryChecker
{
    private readonly IReadOnlyList<HistoryEntry> _history;
    private readonly IReadOnlyList<StoredConversation> _stored;
    private readonly List<Violation> _violations = [];
    private readonly Dictionary<(string Conversation, string Author, Guid Id), StoredMessage> _byCommand = [];
    private readonly Dictionary<(string Conversation, long Seq), StoredMessage> _bySeq = [];
    private readonly ILookup<(string Conversation, string User, Guid Id), HistoryEntry> _posts;

    private HistoryChecker(IReadOnlyList<HistoryEntry> history, IReadOnlyList<StoredConversation> stored)
    {
        (_history, _stored) = (history, stored);
        _posts = history.Where(entry => entry.Op == Operation.Post).ToLookup(entry => (entry.Conversation, entry.User, entry.Id));
        foreach (var conversation in stored)
        {
            foreach (var message in conversation.Messages)
            {
                _byCommand.TryAdd((conversation.Id, message.Author, message.Id), message);
                _bySeq.TryAdd((conversation.Id, message.Seq), message);
            }
        }
    }

    /// <summary>Every promise that was broken; none when all is well.</summary>
    public static IReadOnlyList<Violation> Check(IReadOnlyList<HistoryEntry> history, IReadOnlyList<StoredConversation> stored)
    {
        var checker = new HistoryChecker(history, stored);
        checker.AckedIsStoredAndRead();
        checker.StoredWasSent();
        checker.NothingTwice();
        checker.RefusedIsNotStored();
        checker.CountersHaveNoGap();
        checker.ObserversAgree();
        checker.RealTimeOrder();
        checker.SendersKeepTheirOrder();
        checker.EverythingIsDelivered();
        checker.ContentIsEqual();
        checker.OnlyMembersAreTold();
        checker.OnlyMembersWrite();
        return checker._violations;
    }

    /// <summary>I-1: what was acknowledged is stored at the acknowledged place, and in every member's last reading.</summary>
    private void AckedIsStoredAndRead()
    {
        var read = _history.Where(entry => entry.Op == Operation.Read)
            .Select(entry => (entry.Conversation, Reader: entry.User, entry.Author, entry.Id)).ToHashSet();
        var members = _stored.ToDictionary(conversation => conversation.Id, conversation => conversation.Members);
        var readers = _history.Where(entry => entry.Op == Operation.Read).Select(entry => (entry.Conversation, entry.User)).ToHashSet();
        foreach (var ok in Acks())
        {
            if (!_byCommand.TryGetValue((ok.Conversation, ok.User, ok.Id), out var message))
            {
                Broken("I-1", $"{Name(ok)} was acknowledged as {ok.Seq} and is not stored");
                continue;
            }

            if ((message.Seq, message.Rev) != (ok.Seq, ok.Rev))
            {
                Broken("I-1", $"{Name(ok)} was acknowledged as {ok.Seq}/{ok.Rev} and is stored as {message.Seq}/{message.Rev}");
            }

            foreach (var member in members[ok.Conversation].Where(member => readers.Contains((ok.Conversation, member))))
            {
                if (!read.Contains((ok.Conversation, member, ok.User, ok.Id)))
                {
                    Broken("I-1", $"{Name(ok)} was acknowledged and {member} does not read it");
                }
            }
        }
    }

    /// <summary>I-2: what is stored was sent by its author, there, with this text.</summary>
    private void StoredWasSent()
    {
        foreach (var (conversation, message) in Messages().Where(stored => stored.Message.IsText))
        {
            if (!_posts[(conversation, message.Author, message.Id)].Any(post => post.Phase == Phase.Invoke && post.Hash == message.Hash))
            {
                Broken("I-2", $"{conversation} has {message.Seq} by {message.Author}, who never sent it");
            }
        }
    }

    /// <summary>I-3: a command is stored once, and every repetition is answered with the same place.</summary>
    private void NothingTwice()
    {
        foreach (var command in Messages().GroupBy(stored => (stored.Conversation, stored.Message.Author, stored.Message.Id)).Where(command => command.Count() > 1))
        {
            Broken("I-3", $"{command.Key.Conversation} has {command.Key.Id} of {command.Key.Author} {command.Count()} times");
        }

        foreach (var post in _posts)
        {
            if (post.Where(entry => entry.Phase == Phase.Ok).Select(ok => (ok.Seq, ok.Rev)).Distinct().Count() > 1)
            {
                Broken("I-3", $"{Name(post.First())} was acknowledged with different places");
            }
        }
    }

    /// <summary>I-4: what was refused for good is not stored.</summary>
    private void RefusedIsNotStored()
    {
        foreach (var fail in _history.Where(entry => entry is { Op: Operation.Post, Phase: Phase.Fail }))
        {
            if (_byCommand.ContainsKey((fail.Conversation, fail.User, fail.Id)))
            {
                Broken("I-4", $"{Name(fail)} was refused ({fail.Note}) and is stored");
            }
        }
    }

    /// <summary>I-5: seq and rev count from 1 to the head without a gap.</summary>
    private void CountersHaveNoGap()
    {
        foreach (var conversation in _stored)
        {
            Counts("seq", conversation.Messages.Select(message => message.Seq), conversation.HeadSeq);
            Counts("rev", conversation.Revs, conversation.HeadRev);

            void Counts(string counter, IEnumerable<long> values, long head)
            {
                var expected = 0L;
                foreach (var value in values.Order())
                {
                    if (value != ++expected)
                    {
                        Broken("I-5", $"{conversation.Id} has {counter} {value} where {expected} should be");
                        return;
                    }
                }

                if (expected != head)
                {
                    Broken("I-5", $"{conversation.Id} ends with {counter} {expected} and its head says {head}");
                }
            }
        }
    }

    /// <summary>I-6: what a client shows is the conversation from its first message on, in order, without a hole.</summary>
    private void ObserversAgree()
    {
        foreach (var shown in _history.Where(entry => entry.Op == Operation.Apply).GroupBy(entry => (entry.Client, entry.Conversation)))
        {
            var last = 0L;
            foreach (var entry in shown)
            {
                if (last != 0 && entry.Seq != last + 1)
                {
                    Broken("I-6", $"{shown.Key.Client} shows {entry.Seq} after {last} in {shown.Key.Conversation}");
                    break;
                }

                last = entry.Seq;
            }
        }
    }

    /// <summary>I-7: what was acknowledged before another message was first sent stands before it.</summary>
    private void RealTimeOrder()
    {
        foreach (var conversation in _stored)
        {
            var acked = new PriorityQueue<(long Seq, HistoryEntry Ok), long>();
            foreach (var post in _posts.Where(post => post.Key.Conversation == conversation.Id))
            {
                if (post.FirstOrDefault(entry => entry.Phase == Phase.Ok) is { } ok && Stored(ok) is { } message)
                {
                    acked.Enqueue((message.Seq, ok), ok.T);
                }
            }

            (long Seq, HistoryEntry? Ok) highest = (0, null);
            foreach (var first in _posts.Where(post => post.Key.Conversation == conversation.Id).Select(post => post.First()).OrderBy(first => first.T))
            {
                while (acked.TryPeek(out var next, out var t) && t < first.T)
                {
                    acked.Dequeue();
                    highest = next.Seq > highest.Seq ? next : highest;
                }

                if (Stored(first) is { } message && message.Seq < highest.Seq)
                {
                    Broken("I-7", $"{Name(first)} was sent after {Name(highest.Ok!)} was acknowledged as {highest.Seq}, and is {message.Seq}");
                }
            }
        }
    }

    /// <summary>I-8: what a client sends one after the other to a conversation stands in that order.</summary>
    private void SendersKeepTheirOrder()
    {
        foreach (var sender in _posts.Select(post => post.First()).OrderBy(first => first.T).GroupBy(first => (first.Client, first.Conversation)))
        {
            var last = 0L;
            foreach (var first in sender)
            {
                if (Stored(first) is not { } message)
                {
                    continue;
                }

                if (message.Seq < last)
                {
                    Broken("I-8", $"{Name(first)} is {message.Seq}, what {first.Client} sent before it is {last}");
                }

                last = message.Seq;
            }
        }
    }

    /// <summary>I-9: every client of a member shows every message in the end.</summary>
    private void EverythingIsDelivered()
    {
        var shown = _history.Where(entry => entry.Op == Operation.Apply).Select(entry => (entry.Client, entry.Conversation, entry.Seq)).ToHashSet();
        var clients = _history.Select(entry => (entry.Client, entry.User)).Distinct().ToArray();
        foreach (var conversation in _stored)
        {
            var members = conversation.Members.ToHashSet();
            foreach (var (client, _) in clients.Where(client => members.Contains(client.User)))
            {
                var missing = conversation.Messages.Where(message => !shown.Contains((client, conversation.Id, message.Seq))).ToArray();
                if (missing.Length > 0)
                {
                    Broken("I-9", $"{client} does not show {missing.Length} messages of {conversation.Id}, the first is {missing[0].Seq}");
                }
            }
        }
    }

    /// <summary>I-10: whatever a client was told of a message is what is stored; nobody is told of what is not stored.</summary>
    private void ContentIsEqual()
    {
        foreach (var told in Told())
        {
            if (!_bySeq.TryGetValue((told.Conversation, told.Seq), out var message))
            {
                Broken("I-10", $"{told.Client} was told ({told.Op}) of {told.Seq} in {told.Conversation}, which is not stored");
            }
            else if ((message.Rev, message.Author, message.Id, message.Hash, message.Time) != (told.Rev, told.Author, told.Id, told.Hash, told.Time))
            {
                Broken("I-10", $"{told.Client} was told ({told.Op}) something else of {told.Seq} in {told.Conversation} than is stored: {told} instead of {message}");
            }
        }

        foreach (var ok in Acks())
        {
            if (Stored(ok) is { } message && message.Time != ok.Time)
            {
                Broken("I-10", $"{Name(ok)} was acknowledged with the time {ok.Time}, stored is {message.Time}");
            }
        }
    }

    /// <summary>
    /// I-14: whoever is told of a message belongs to the conversation then or later (who joins reads what was before), or
    /// it is the fact that ends their membership; and nobody is told of anything before somebody began to add them.
    /// </summary>
    private void OnlyMembersAreTold()
    {
        var memberships = _stored.SelectMany(conversation => conversation.Memberships.Select(membership => (conversation.Id, Membership: membership)))
            .ToLookup(membership => (membership.Id, membership.Membership.User), membership => membership.Membership);
        var added = _history.Where(entry => entry is { Op: Operation.Add, Phase: Phase.Invoke })
            .GroupBy(add => (add.Conversation, User: add.Author!)).ToDictionary(adds => adds.Key, adds => adds.Min(add => add.T));
        foreach (var told in Told())
        {
            var own = memberships[(told.Conversation, told.User)];
            if (!own.Any(membership => membership.LeftSeq is null || told.Seq <= membership.LeftSeq))
            {
                Broken("I-14", $"{told.Client} was told ({told.Op}) of {told.Seq} in {told.Conversation} and does not belong to it");
            }
            else if (added.TryGetValue((told.Conversation, told.User), out var since) && told.T < since && own.All(membership => membership.JoinedSeq > told.Seq))
            {
                Broken("I-14", $"{told.Client} was told ({told.Op}) of {told.Seq} in {told.Conversation} before anybody added them");
            }
        }
    }

    /// <summary>I-14: whoever wrote a message belonged to the conversation at its place.</summary>
    private void OnlyMembersWrite()
    {
        foreach (var conversation in _stored)
        {
            var memberships = conversation.Memberships.ToLookup(membership => membership.User);
            foreach (var message in conversation.Messages.Where(message => message.IsText))
            {
                if (!memberships[message.Author].Any(membership => membership.JoinedSeq <= message.Seq && (membership.LeftSeq is not { } left || message.Seq < left)))
                {
                    Broken("I-14", $"{conversation.Id} has {message.Seq} by {message.Author}, who did not belong to it then");
                }
            }
        }
    }

    private IEnumerable<HistoryEntry> Told() => _history.Where(entry => entry.Op is Operation.Push or Operation.Apply or Operation.Read);

    private StoredMessage? Stored(HistoryEntry post) => _byCommand.GetValueOrDefault((post.Conversation, post.User, post.Id));

    private IEnumerable<HistoryEntry> Acks() => _history.Where(entry => entry is { Op: Operation.Post, Phase: Phase.Ok });

    private IEnumerable<(string Conversation, StoredMessage Message)> Messages() =>
        _stored.SelectMany(conversation => conversation.Messages.Select(message => (conversation.Id, message)));

    private void Broken(string invariant, string what) => _violations.Add(new Violation(invariant, what));

    private static string Name(HistoryEntry post) => $"{post.Id} of {post.Client} to {post.Conversation}";
}
