using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// One conversation: its members' gateways call it to post and to read, and it is the only writer of its log. It owns
/// what it remembers of the head and the members; the log owns the truth.
/// </summary>
/// <remarks>
/// Posting interleaves. The invariant that spans the awaits: only the drain loop appends, one append at a time, and
/// <see cref="_state"/> changes only where an append or a read of the head has ended.
/// </remarks>
[GrainType("conversation")]
internal sealed partial class ConversationGrain(
    IMessageLog messageLog,
    IEventPublisher publisher,
    PublishFailures publishFailures,
    GrainInstruments instruments,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationGrain> logger) : Grain, IConversationGrain
{
    /// <summary>How often one batch is tried again after another writer moved the head or the store was in doubt.</summary>
    private const int AppendAttemptsMax = 3;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly ConversationOptions _options = options.Value;
    private readonly Queue<WaitingPost> _waiting = new();
    private readonly Dictionary<CommandId, WaitingPost> _waitingByCommand = [];
    private readonly CommandMemory _remembered = new(options.Value.RememberedCommandsMax);
    private readonly AppendedPublication _publication = new(publisher, publishFailures);

    private ConversationKey _key;
    private ConversationState? _state;
    private bool _stateKnown;
    private Task? _loading;
    private bool _draining;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ConversationKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<PostResult> PostAsync(PostMessage command, CancellationToken cancellationToken)
    {
        var result = await AnswerPostAsync(command);
        instruments.OnPostAnswered(result);
        return result;
    }

    private async Task<PostResult> AnswerPostAsync(PostMessage command)
    {
        var (text, refusal) = ConversationRules.CheckText(command.Text, _options);
        if (refusal is not null)
        {
            return Refused(refusal.Value);
        }

        try
        {
            if (await MayPostAsync(command.Caller) is { } notAllowed)
            {
                return Refused(notAllowed);
            }
        }
        catch (StoreUnavailableException)
        {
            return Refused(PostRefusal.Unavailable, RetryPause);
        }

        var id = new CommandId(command.Caller.UserId, command.ClientId);
        var content = ContentHash.OfText(text);
        if (_remembered.TryGet(id, out var stored))
        {
            return ConversationRules.Repeated(stored, content);
        }

        if (_waitingByCommand.TryGetValue(id, out var sameCommand))
        {
            return await sameCommand.RepeatedAsync(content);
        }

        if (_waitingByCommand.Count >= _options.WaitingPostsMax)
        {
            return Refused(PostRefusal.Overloaded, RetryPause);
        }

        var post = new WaitingPost(id, command.Caller.Name, text, content);
        _waiting.Enqueue(post);
        _waitingByCommand.Add(id, post);
        if (!_draining)
        {
            _draining = true;
            _ = DrainAsync();
        }

        return await post.Result;
    }

    public async Task<CreateGroupResult> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken)
    {
        if (command.Caller.TenantId != _key.TenantId || _key.ConversationId.IsDirect)
        {
            return new CreateGroupResult { Refusal = CreateGroupRefusal.NotFound };
        }

        if (TextRules.Name(command.Title, _options.TitleScalarsMax) is not { } title)
        {
            return new CreateGroupResult { Refusal = CreateGroupRefusal.TitleInvalid };
        }

        ImmutableArray<UserId> members = [.. command.Members.Append(command.Caller.UserId).Distinct()];
        if (members.Length > _options.MembersMax)
        {
            return new CreateGroupResult { Refusal = CreateGroupRefusal.TooManyMembers };
        }

        var people = await GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_key.TenantId).ToString()).PeopleAsync(members, cancellationToken);
        if (people.Count(person => person.Active) < members.Length)
        {
            return new CreateGroupResult { Refusal = CreateGroupRefusal.UnknownMember };
        }

        try
        {
            return await CreateAsync(command, title, members, cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            Forget();
            Log.AppendUncertain(logger, _key.TenantId, _key.ConversationId, exception);
            return new CreateGroupResult { Refusal = CreateGroupRefusal.Unavailable };
        }
    }

    public async Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var caller = query.Caller;
        if (caller.TenantId != _key.TenantId)
        {
            return new HistoryPage { Found = false };
        }

        await EnsureKnownAsync();
        if (_state is null)
        {
            // A direct conversation that nobody has written in is there for its two people, and empty (rule C2).
            return new HistoryPage { Found = ConversationRules.IsMember(_key.ConversationId, null, caller.UserId) };
        }

        var readSeq = query.Anchor == HistoryAnchor.Unread ? await ReadCursorAsync(caller.UserId, cancellationToken) : 0;
        var (first, last) = ConversationRules.PageOf(query, _state.Head.Seq, readSeq);
        var read = await messageLog.ReadMessagesAsync(_key.TenantId, _key.ConversationId, caller.UserId, first, last, cancellationToken);
        return read is null
            ? new HistoryPage { Found = false }
            : new HistoryPage
            {
                Found = true,
                // More than asked for only at the end of the conversation, when messages came meanwhile: the last ones are the page.
                Messages = read.Messages.Length > query.Limit ? read.Messages[^query.Limit..] : read.Messages,
                Head = read.Head,
                ReadSeq = read.ReadSeq,
            };
    }

    public async Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken)
    {
        if (query.Caller.TenantId != _key.TenantId)
        {
            return new ChangesPage { Found = false };
        }

        var read = await messageLog.ReadChangesAsync(_key.TenantId, _key.ConversationId, query.Caller.UserId, query.SinceRev, cancellationToken);
        return read is null
            ? new ChangesPage { Found = false }
            : new ChangesPage { Found = true, Reset = read.Reset, Changes = read.Changes, Head = read.Head };
    }

    public async Task<ConversationAppended?> AppendedSinceAsync(long rev, CancellationToken cancellationToken)
    {
        // From the log, not from memory: a gateway asks because it doubts what it was told, perhaps by a stale activation.
        var read = await messageLog.ReadChangesAsync(_key.TenantId, _key.ConversationId, viewer: null, rev, cancellationToken);
        if (!_draining && _state?.MembersRev < read?.MembersRev)
        {
            Forget(); // Another writer changed the members. An append would notice; until there is one, a gateway would ask in vain.
        }

        return read is null || read.Reset || read.Changes.IsEmpty ? null : Appended(read.MembersRev, read.Changes);
    }

    public async Task<MemberList> MembersAsync(CancellationToken cancellationToken)
    {
        await EnsureKnownAsync();
        return _state is null
            ? new MemberList { MembersRev = 0, Members = [] }
            : new MemberList { MembersRev = _state.MembersRev, Members = [.. _state.Members] };
    }

    private async Task<PostRefusal?> MayPostAsync(Caller caller)
    {
        if (caller.TenantId != _key.TenantId)
        {
            return PostRefusal.NotFound;
        }

        await EnsureKnownAsync();
        if (!ConversationRules.IsMember(_key.ConversationId, _state, caller.UserId))
        {
            return PostRefusal.NotFound;
        }

        return _state is null && !await PairExistsAsync() ? PostRefusal.NotFound : null;
    }

    /// <summary>Before a direct conversation is created: both of its people are known to the directory.</summary>
    private async Task<bool> PairExistsAsync()
    {
        _key.ConversationId.TryGetPair(out var one, out var other);
        var people = await GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_key.TenantId).ToString())
            .PeopleAsync(one == other ? [one] : [one, other], CancellationToken.None);
        return people.Length == (one == other ? 1 : 2) && people.All(person => person.Active);
    }

    private async Task DrainAsync()
    {
        while (_waiting.Count > 0)
        {
            var batch = new List<WaitingPost>(Math.Min(_waiting.Count, _options.AppendPostsMax));
            while (batch.Count < _options.AppendPostsMax && _waiting.TryDequeue(out var post))
            {
                batch.Add(post);
            }

            try
            {
                await AppendAsync(batch);
            }
            catch (Exception exception)
            {
                // A defect of ours: nobody waits for ever, and the next append begins from the head as stored.
                Forget();
                batch.ForEach(post => post.Fail(exception));
            }

            batch.ForEach(post => _waitingByCommand.Remove(post.Id));
        }

        _draining = false;
    }

    /// <summary>Gives every post of the batch its answer.</summary>
    private async Task AppendAsync(List<WaitingPost> batch)
    {
        var open = batch;
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            if (attempt > AppendAttemptsMax)
            {
                open.ForEach(post => post.Answer(Refused(PostRefusal.Unavailable, RetryPause)));
                return;
            }

            try
            {
                if (!_stateKnown)
                {
                    await EnsureKnownAsync();
                    open = await AnswerStoredAsync(open);
                }

                open = AnswerForeign(open); // Who was a member when the post came may have been removed while it waited.
                if (open.Count == 0)
                {
                    return;
                }

                switch (await AppendOnceAsync(open))
                {
                    case AppendResult.Appended:
                        return;
                    case AppendResult.Duplicates duplicates:
                        open = Answer(open, duplicates.Commands);
                        attempt--; // Fewer posts each time: this ends by itself.
                        break;
                    case AppendResult.Fenced:
                        Log.Fenced(logger, _key.TenantId, _key.ConversationId, _state?.Head.Rev ?? 0);
                        Forget();
                        DeactivateOnIdle(); // Another activation writes too; the next call finds the one that stays.
                        break;
                    case AppendResult.Rejected rejected when open.Count == 1:
                        Log.PostRejected(logger, _key.TenantId, _key.ConversationId, rejected.Reason);
                        open[0].Answer(Refused(PostRefusal.TextInvalid));
                        return;
                    case AppendResult.Rejected:
                        foreach (var post in open)
                        {
                            await AppendAsync([post]);
                        }

                        return;
                }
            }
            catch (StoreUnavailableException exception)
            {
                Log.AppendUncertain(logger, _key.TenantId, _key.ConversationId, exception);
                Forget();
            }
        }
    }

    /// <summary>One append: decide, write, apply, answer, publish.</summary>
    private async Task<AppendResult> AppendOnceAsync(List<WaitingPost> posts)
    {
        var now = StoredTime.Truncate(time.GetUtcNow()); // What is answered and published is what is stored.
        var before = _state?.Head;
        var append = new ConversationAppend
        {
            TenantId = _key.TenantId,
            ConversationId = _key.ConversationId,
            Expected = before,
            Entries = [.. posts.Select(post => post.Entry(now))],
        };
        IReadOnlyList<UserId> founders = [];
        if (before is null)
        {
            (var creation, founders) = ConversationRules.CreateDirect(_key.ConversationId, posts[0].Id.AuthorId, now);
            append = append with
            {
                Creation = creation,
                Begins = [.. founders.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 0 })],
            };
        }

        var result = await messageLog.AppendAsync(append, CancellationToken.None);
        if (result is AppendResult.Appended appended)
        {
            _state = _state is null
                ? new ConversationState { Head = appended.Head, MembersRev = 1, Members = [.. founders] }
                : _state with { Head = appended.Head };
            AnswerAndPublish(posts, before ?? default, now);
        }

        return result;
    }

    private void AnswerAndPublish(List<WaitingPost> posts, Head before, DateTimeOffset now)
    {
        var changes = ImmutableArray.CreateBuilder<ConversationChange>(posts.Count);
        for (var i = 0; i < posts.Count; i++)
        {
            var (post, rev, seq) = (posts[i], before.Rev + i + 1, before.Seq + i + 1);
            _remembered.Remember(new StoredCommand { Id = post.Id, Seq = seq, Rev = rev, At = now, ContentHash = post.Content });
            post.Answer(new PostResult { Seq = seq, Rev = rev, Time = now });
            changes.Add(new ConversationChange { Rev = rev, Posted = post.Message(seq, rev, now) });
        }

        _publication.Publish(Appended(_state!.MembersRev, changes.MoveToImmutable()));
    }

    private async Task<CreateGroupResult> CreateAsync(
        CreateGroup command, string title, ImmutableArray<UserId> members, CancellationToken cancellationToken)
    {
        var now = StoredTime.Truncate(time.GetUtcNow()); // What is answered and published is what is stored.
        var entry = new MessageEntry
        {
            At = now,
            Kind = MessageKind.System,
            AuthorId = command.Caller.UserId,
            ClientId = command.ClientId,
            Text = string.Empty,
            Fact = new SystemFact { Kind = SystemFactKind.Created, Targets = members, After = title },
        };
        await EnsureKnownAsync();
        var result = _state is not null
            ? new AppendResult.Fenced()
            : await messageLog.AppendAsync(
                new ConversationAppend
                {
                    TenantId = _key.TenantId,
                    ConversationId = _key.ConversationId,
                    Expected = null,
                    Creation = new ConversationCreation
                    {
                        Kind = ConversationKind.Group,
                        Title = title,
                        CreatedBy = command.Caller.UserId,
                        CreatedAt = now,
                    },
                    Entries = [entry],
                    Begins = [.. members.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 1 })],
                },
                cancellationToken);
        if (result is AppendResult.Appended appended)
        {
            _state = new ConversationState { Head = appended.Head, MembersRev = appended.Head.Rev, Members = [.. members] };
            var message = new Message
            {
                Seq = 1,
                Rev = 1,
                Kind = MessageKind.System,
                AuthorId = entry.AuthorId,
                AuthorName = command.Caller.Name,
                ClientId = entry.ClientId,
                Text = string.Empty,
                Time = now,
                Fact = entry.Fact,
            };
            _publication.Publish(Appended(_state.MembersRev, [new ConversationChange { Rev = 1, Posted = message }]));
            return new CreateGroupResult { Head = appended.Head };
        }

        // It exists: the same command returns it, another one does not get it (rule C4).
        Forget();
        var id = new CommandId(command.Caller.UserId, command.ClientId);
        var stored = await messageLog.FindCommandsAsync(_key.TenantId, _key.ConversationId, [id], cancellationToken);
        return stored.Length == 1 && stored[0].ContentHash == ContentHash.Of(entry)
            ? new CreateGroupResult { Head = new Head { Rev = stored[0].Rev, Seq = stored[0].Seq } }
            : new CreateGroupResult { Refusal = CreateGroupRefusal.ClientIdReused };
    }

    /// <summary>After doubt: those of the posts that the log has are answered from it.</summary>
    private async Task<List<WaitingPost>> AnswerStoredAsync(List<WaitingPost> posts)
    {
        var stored = await messageLog.FindCommandsAsync(
            _key.TenantId, _key.ConversationId, [.. posts.Select(post => post.Id)], CancellationToken.None);
        return Answer(posts, stored);
    }

    private List<WaitingPost> Answer(List<WaitingPost> posts, ImmutableArray<StoredCommand> stored)
    {
        foreach (var command in stored)
        {
            _remembered.Remember(command);
        }

        var open = new List<WaitingPost>(posts.Count);
        foreach (var post in posts)
        {
            if (stored.FirstOrDefault(command => command.Id == post.Id) is { } command)
            {
                post.Answer(ConversationRules.Repeated(command, post.Content));
            }
            else
            {
                open.Add(post);
            }
        }

        return open;
    }

    /// <summary>After the head was read again: whoever is no member any more is refused.</summary>
    private List<WaitingPost> AnswerForeign(List<WaitingPost> posts)
    {
        var open = new List<WaitingPost>(posts.Count);
        foreach (var post in posts)
        {
            if (ConversationRules.IsMember(_key.ConversationId, _state, post.Id.AuthorId))
            {
                open.Add(post);
            }
            else
            {
                post.Answer(Refused(PostRefusal.NotFound));
            }
        }

        return open;
    }

    private async Task<long> ReadCursorAsync(UserId user, CancellationToken cancellationToken)
    {
        const int nothing = 0;
        var read = await messageLog.ReadMessagesAsync(_key.TenantId, _key.ConversationId, user, nothing, nothing, cancellationToken);
        return read?.ReadSeq ?? 0;
    }

    /// <summary>Reads the head unless it is known. Calls that come meanwhile wait for the same read.</summary>
    private Task EnsureKnownAsync()
    {
        return _stateKnown ? Task.CompletedTask : _loading ??= LoadAsync();

        async Task LoadAsync()
        {
            // Never ends within the assignment above: a read of the store is always asynchronous to the turn.
            await Task.Yield();
            try
            {
                var stored = await messageLog.ReadConversationAsync(_key.TenantId, _key.ConversationId, CancellationToken.None);
                _state = stored is null ? null : ConversationState.Of(stored);
                _stateKnown = true;
            }
            finally
            {
                _loading = null;
            }
        }
    }

    private void Forget()
    {
        _stateKnown = false;
        _state = null;
        _remembered.Clear();
    }

    private ConversationAppended Appended(long membersRev, ImmutableArray<ConversationChange> changes) => new()
    {
        TenantId = _key.TenantId,
        ConversationId = _key.ConversationId,
        MembersRev = membersRev,
        Changes = changes,
    };

    private static PostResult Refused(PostRefusal refusal, TimeSpan? retryAfter = null) => new() { Refusal = refusal, RetryAfter = retryAfter };
}
