using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations.Commands;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Presence;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// One conversation: its members' gateways call it to write and to read, and it is the only writer of its log. It owns
/// what it remembers of the head and the members; the log owns the truth. Writing is the work of its
/// <see cref="ConversationWriter"/>; here commands are checked as far as they need no turn of their own.
/// </summary>
[GrainType("conversation")]
internal sealed partial class ConversationGrain(
    IMessageLog messageLog,
    IRetentionStore retentions,
    IEventPublisher publisher,
    PublishFailures publishFailures,
    GrainInstruments instruments,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationGrain> logger) : Grain, IConversationGrain
{
    /// <summary>Longest wait for who is online, a little more than <see cref="IPresenceReaderGrain.OnlineWait"/>; a client waits 8 s for its answer.</summary>
    private static readonly TimeSpan OnlineWait = IPresenceReaderGrain.OnlineWait + TimeSpan.FromSeconds(1);

    private readonly ConversationOptions _options = options.Value;

    private ConversationKey _key;
    private ConversationWriter _writer = null!;
    private PeerCheck _peers = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ConversationKey.Parse(this.GetPrimaryKeyString());
        _peers = new PeerCheck(_key.ConversationId, users => Directory().PeopleAsync(users, CancellationToken.None), time);
        _writer = new ConversationWriter(
            _key,
            messageLog,
            new AppendedPublication(publisher, publishFailures),
            _peers,
            _options,
            time,
            logger,
            this.DeactivateOnIdle);
        return Task.CompletedTask;
    }

    public async Task<CommandResult> PostAsync(PostMessage command, CancellationToken cancellationToken)
    {
        var result = await AnsweredAsync(command.Caller, () => PostAsync(command));
        instruments.OnPostAnswered(result);
        return result;
    }

    public Task<CommandResult> EditAsync(EditMessage command, CancellationToken cancellationToken) => AnsweredAsync(command.Caller, async () =>
    {
        var (text, refusal) = ConversationRules.CheckText(command.Text, _options);
        return refusal is { } invalid
            ? ConversationWriter.Refused(invalid)
            : await _writer.SubmitAsync(new EditCommand(
                command, text, MentionText.Of(text), (await Directory().PolicyAsync(CancellationToken.None)).EditWindow));
    });

    public Task<CommandResult> DeleteAsync(DeleteMessage command, CancellationToken cancellationToken) =>
        AnsweredAsync(command.Caller, () => _writer.SubmitAsync(new DeleteCommand(command)));

    public Task<CommandResult> ReactAsync(ReactToMessage command, CancellationToken cancellationToken) => AnsweredAsync(command.Caller, () =>
        EmojiRules.IsEmoji(command.Emoji)
            ? _writer.SubmitAsync(new ReactCommand(command))
            : Task.FromResult(ConversationWriter.Refused(CommandRefusal.EmojiInvalid)));

    public Task<CommandResult> AddMembersAsync(AddMembers command, CancellationToken cancellationToken) => AnsweredAsync(command.Caller, async () =>
        command.Members.Length > _options.MembersMax
            ? ConversationWriter.Refused(CommandRefusal.TooManyMembers)
            : await _writer.SubmitAsync(new AddMembersCommand(command, await Directory().PeopleAsync([.. command.Members.Distinct()], CancellationToken.None))));

    public Task<CommandResult> RemoveMemberAsync(RemoveMember command, CancellationToken cancellationToken) =>
        AnsweredAsync(command.Caller, () => _writer.SubmitAsync(new RemoveMemberCommand(command)));

    public Task<CommandResult> RenameAsync(RenameGroup command, CancellationToken cancellationToken) => AnsweredAsync(command.Caller, () =>
        TextRules.Name(command.Title, _options.TitleScalarsMax) is { } title
            ? _writer.SubmitAsync(new RenameCommand(command, title))
            : Task.FromResult(ConversationWriter.Refused(CommandRefusal.TitleInvalid)));

    public async Task<CreateGroupResult> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken)
    {
        if (command.Caller.TenantId != _key.TenantId || _key.ConversationId.IsDirect)
        {
            return Refused(CreateGroupRefusal.NotFound);
        }

        if (TextRules.Name(command.Title, _options.TitleScalarsMax) is not { } title)
        {
            return Refused(CreateGroupRefusal.TitleInvalid);
        }

        ImmutableArray<UserId> members = [.. command.Members.Append(command.Caller.UserId).Distinct()];
        if (members.Length > _options.MembersMax)
        {
            return Refused(CreateGroupRefusal.TooManyMembers);
        }

        var others = members.Remove(command.Caller.UserId);
        var people = await Directory().PeopleAsync(others, cancellationToken);
        var created = await AnsweredAsync(command.Caller, () => _writer.SubmitAsync(new CreateGroupCommand(command, title, members, people)));
        return created.Refusal switch
        {
            null => new CreateGroupResult { Head = new Head { Rev = created.Rev, Seq = created.Seq } },
            CommandRefusal.Unavailable => Refused(CreateGroupRefusal.Unavailable),
            CommandRefusal.Overloaded => Refused(CreateGroupRefusal.Overloaded),
            CommandRefusal.Forbidden => Refused(CreateGroupRefusal.Forbidden),
            CommandRefusal.MemberRestricted => Refused(CreateGroupRefusal.MemberRestricted),
            CommandRefusal.UnknownMember or CommandRefusal.TextInvalid => Refused(CreateGroupRefusal.UnknownMember), // Or the store does not know its creator.
            _ => Refused(CreateGroupRefusal.ClientIdReused),
        };

        static CreateGroupResult Refused(CreateGroupRefusal refusal) => new() { Refusal = refusal };
    }

    public async Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var caller = query.Caller;
        if (caller.TenantId != _key.TenantId)
        {
            return new HistoryPage { Found = false };
        }

        await _writer.EnsureKnownAsync();
        if (_writer.State is not { } state)
        {
            // A direct conversation that nobody has written in is there for its two people, and empty (rule C2).
            return new HistoryPage { Found = ConversationRules.IsMember(_key.ConversationId, null, caller.UserId) };
        }

        var readSeq = query.Anchor == HistoryAnchor.Unread ? await ReadCursorAsync(caller.UserId, cancellationToken) : 0;
        var (first, last) = ConversationRules.PageOf(query, state.Head.Seq, readSeq);
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

    public async Task<VersionsPage> VersionsAsync(Caller caller, long seq, CancellationToken cancellationToken)
    {
        var versions = caller.TenantId == _key.TenantId
            ? await messageLog.ReadVersionsAsync(_key.TenantId, _key.ConversationId, caller.UserId, seq, cancellationToken)
            : null;
        if (versions is null)
        {
            return new VersionsPage { Found = false };
        }

        var shown = (await Directory().PolicyAsync(cancellationToken)).ShowVersions;
        return new VersionsPage { Found = true, Hidden = !shown, Versions = shown ? versions.Value : [] };
    }

    public async Task<MembersPage> ListMembersAsync(MembersQuery query, CancellationToken cancellationToken)
    {
        var read = query.Caller.TenantId == _key.TenantId
            ? await messageLog.ReadMembersAsync(
                _key.TenantId, _key.ConversationId, query.Caller.UserId, query.After, query.Limit, cancellationToken)
            : null;
        return read is null ? new MembersPage { Found = false } : new MembersPage { Found = true, Members = read.Members, Count = read.Count };
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
            : new ChangesPage { Found = true, Reset = read.Reset, Changes = await WithLastMessageAsync(read.Changes, cancellationToken), Head = read.Head };
    }

    public async Task<ConversationAppended?> AppendedSinceAsync(long rev, CancellationToken cancellationToken)
    {
        // From the log, not from memory: a gateway asks because it doubts what it was told, perhaps by a stale activation.
        var read = await messageLog.ReadChangesAsync(_key.TenantId, _key.ConversationId, viewer: null, rev, cancellationToken);
        if (!_writer.IsWriting && _writer.State?.MembersRev < read?.MembersRev)
        {
            _writer.Forget(); // Another writer changed the members. An append would notice; until there is one, a gateway would ask in vain.
        }

        return read is null || read.Reset || read.Changes.IsEmpty
            ? null
            : _writer.Appended(read.MembersRev, await WithLastMessageAsync(read.Changes, cancellationToken));
    }

    public async Task<MemberList> MembersAsync(CancellationToken cancellationToken)
    {
        await _writer.EnsureKnownAsync();
        return _writer.State is { } state
            ? new MemberList { MembersRev = state.MembersRev, Members = [.. state.Members] }
            : new MemberList { MembersRev = 0, Members = [] };
    }

    /// <summary>Around every command: whose tenant it is, and the answer while the store is away.</summary>
    private async Task<CommandResult> AnsweredAsync(Caller caller, Func<Task<CommandResult>> submit)
    {
        if (caller.TenantId != _key.TenantId)
        {
            return ConversationWriter.Refused(CommandRefusal.NotFound);
        }

        try
        {
            return await submit();
        }
        catch (StoreUnavailableException)
        {
            return ConversationWriter.Refused(CommandRefusal.Unavailable, ConversationWriter.RetryPause);
        }
    }

    private async Task<CommandResult> PostAsync(PostMessage command)
    {
        var (text, refusal) = ConversationRules.CheckText(command.Text, _options);
        if (refusal is { } invalid)
        {
            return ConversationWriter.Refused(invalid);
        }

        var mentions = MentionText.Of(text);
        var online = mentions.Here && await MayMeanHereAsync(command) ? await OnlineAsync(_writer.State!.Members) : [];
        return await _writer.SubmitAsync(new PostCommand(command, text, mentions, online));
    }

    /// <summary>
    /// Whether the answer to a post with @here depends on who is online. Nobody's presence is asked for what is refused
    /// anyway or was stored before.
    /// </summary>
    private async Task<bool> MayMeanHereAsync(PostMessage command)
    {
        await _writer.EnsureKnownAsync();
        var (caller, state) = (command.Caller, _writer.State);
        return state is { Kind: ConversationKind.Group }
            && state.Members.Contains(caller.UserId)
            && ConversationRules.MayPost(state, caller.Permissions)
            && MentionRules.MayMentionWidely(state, caller, _options)
            && !await _writer.KnowsAsync(new CommandId(caller.UserId, command.ClientId));
    }

    /// <summary>
    /// Which of these people are online now; no more than tells that there are too many. Who does not answer in time is not
    /// there: a post does not depend on presence.
    /// </summary>
    private async Task<FrozenSet<UserId>> OnlineAsync(ImmutableHashSet<UserId> members)
    {
        var reader = GrainFactory.GetGrain<IPresenceReaderGrain>(new TenantKey(_key.TenantId).ToString());
        var began = time.GetTimestamp();
        List<UserId> online = [];
        try
        {
            foreach (var chunk in members.Chunk(IPresenceReaderGrain.PeopleMax))
            {
                var left = OnlineWait - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero || online.Count > _options.HereMax + 1)
                {
                    break;
                }

                online.AddRange(await reader.OnlineAsync([.. chunk], CancellationToken.None).WaitAsync(left, time));
            }
        }
        catch (Exception exception)
        {
            LogOnlineUnknown(logger, _key.TenantId, _key.ConversationId, exception);
        }

        return online.ToFrozenSet();
    }

    /// <summary>A deletion that is told again says what the chat list shows now.</summary>
    private async Task<ImmutableArray<ConversationChange>> WithLastMessageAsync(
        ImmutableArray<ConversationChange> changes, CancellationToken cancellationToken)
    {
        if (!changes.Any(change => change.Deleted is not null))
        {
            return changes;
        }

        var last = await messageLog.ReadLastCountableAsync(_key.TenantId, _key.ConversationId, long.MaxValue, cancellationToken);
        var activity = last?.Time ?? (await messageLog.ReadConversationAsync(_key.TenantId, _key.ConversationId, cancellationToken))?.CreatedAt;
        return [.. changes.Select(change => change.Deleted is { } deleted
            ? change with { Deleted = deleted with { LastMessage = last, LastActivity = activity } }
            : change)];
    }

    private async Task<long> ReadCursorAsync(UserId user, CancellationToken cancellationToken)
    {
        const int nothing = 0;
        var read = await messageLog.ReadMessagesAsync(_key.TenantId, _key.ConversationId, user, nothing, nothing, cancellationToken);
        return read?.ReadSeq ?? 0;
    }

    [LoggerMessage(1005, LogLevel.Warning, "Who is online of {TenantId} {ConversationId} is not known; @here goes to those who answered.")]
    private static partial void LogOnlineUnknown(ILogger logger, TenantId tenantId, ConversationId conversationId, Exception exception);

    private IDirectoryGrain Directory() => GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_key.TenantId).ToString());
}
