using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>A person in a test: what they do, said as they would say it.</summary>
internal sealed class TestUser(ChatHost host, TenantId tenant, UserId id, string name)
{
    internal UserId Id => id;

    internal Caller Caller { get; private set; } = new() { TenantId = tenant, UserId = id, Name = name, Permissions = RolePermissions.Default(Role.Agent) };

    internal Person Record => new() { UserId = id, Name = name, Role = Role.Agent };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The same person with exactly these permissions.</summary>
    internal TestUser With(ChatPermissions permissions) => new(host, tenant, id, name) { Caller = Caller with { Permissions = permissions } };

    /// <summary>The direct conversation with somebody.</summary>
    internal ConversationId With(TestUser other) => ConversationId.Direct(id, other.Id);

    internal Task<CommandResult> PostsAsync(ConversationId conversation, string text, Guid? clientId = null) =>
        host.Conversation(conversation).PostAsync(
            new PostMessage { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Text = text }, Cancellation).WaitAsync(ChatHost.Patience, Cancellation);

    /// <summary>Posts as a client does: the same command again until it is accepted.</summary>
    internal async Task<CommandResult> PostsUntilAcceptedAsync(ConversationId conversation, string text, Guid clientId)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var result = await PostsAsync(conversation, text, clientId);
            if (result.Refusal is null)
            {
                return result;
            }

            result.RetryAfter.ShouldNotBeNull($"{result.Refusal} is for good");
        }

        throw new TimeoutException("The post was refused 200 times.");
    }

    /// <summary>Posts with what else a post can say.</summary>
    internal Task<CommandResult> PostsAsync(ConversationId conversation, string text, long? replyTo, bool wideConfirmed = false) =>
        host.Conversation(conversation).PostAsync(
            new PostMessage { Caller = Caller, ClientId = Guid.NewGuid(), Text = text, ReplyTo = replyTo, WideConfirmed = wideConfirmed }, Cancellation);

    internal Task<CommandResult> EditsAsync(ConversationId conversation, long seq, int version, string text, Guid? clientId = null) =>
        host.Conversation(conversation).EditAsync(
            new EditMessage { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Seq = seq, Version = version, Text = text }, Cancellation);

    internal Task<CommandResult> DeletesAsync(ConversationId conversation, long seq, Guid? clientId = null) =>
        host.Conversation(conversation).DeleteAsync(new DeleteMessage { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Seq = seq }, Cancellation);

    internal Task<CommandResult> ReactsAsync(ConversationId conversation, long seq, string emoji, bool add = true, Guid? clientId = null) =>
        host.Conversation(conversation).ReactAsync(
            new ReactToMessage { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Seq = seq, Emoji = emoji, Add = add }, Cancellation);

    internal Task<CommandResult> AddsAsync(ConversationId group, params TestUser[] members) => AddsAsync(group, Guid.NewGuid(), members);

    internal Task<CommandResult> AddsAsync(ConversationId group, Guid clientId, params TestUser[] members) =>
        host.Conversation(group).AddMembersAsync(
            new AddMembers { Caller = Caller, ClientId = clientId, Members = [.. members.Select(member => member.Id)] }, Cancellation);

    internal Task<CommandResult> RemovesAsync(ConversationId group, TestUser member, Guid? clientId = null) =>
        host.Conversation(group).RemoveMemberAsync(new RemoveMember { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Member = member.Id }, Cancellation);

    internal Task<CommandResult> RenamesAsync(ConversationId group, string title, Guid? clientId = null) =>
        host.Conversation(group).RenameAsync(new RenameGroup { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Title = title }, Cancellation);

    internal Task<VersionsPage> ReadsVersionsAsync(ConversationId conversation, long seq) =>
        host.Conversation(conversation).VersionsAsync(Caller, seq, Cancellation);

    internal Task<MembersPage> ListsMembersAsync(ConversationId conversation, UserId? after = null, int limit = 200) =>
        host.Conversation(conversation).ListMembersAsync(new MembersQuery { Caller = Caller, After = after, Limit = limit }, Cancellation);

    /// <summary>One message as this person sees it.</summary>
    internal async Task<Message> SeesAsync(ConversationId conversation, long seq) =>
        (await ReadsAsync(conversation, HistoryAnchor.Around, seq, 1)).Messages.Single();

    internal async Task PostsManyAsync(ConversationId conversation, int posts)
    {
        foreach (var result in await Task.WhenAll(Enumerable.Range(1, posts).Select(number => PostsAsync(conversation, $"text {number}"))))
        {
            result.Refusal.ShouldBeNull();
        }
    }

    internal Task<HistoryPage> ReadsAsync(
        ConversationId conversation, HistoryAnchor anchor = HistoryAnchor.Latest, long seq = 0, int limit = 200) =>
        host.Conversation(conversation).HistoryAsync(
            new HistoryQuery { Caller = Caller, Anchor = anchor, Seq = seq, Limit = limit }, Cancellation);

    internal Task<ChangesPage> CatchesUpAsync(ConversationId conversation, long sinceRev) =>
        host.Conversation(conversation).ChangesAsync(new ChangesQuery { Caller = Caller, SinceRev = sinceRev }, Cancellation);

    internal Task<CreateGroupResult> CreatesAsync(ConversationId group, string title, IEnumerable<TestUser> members, Guid? clientId = null) =>
        host.Conversation(group).CreateGroupAsync(
            new CreateGroup { Caller = Caller, ClientId = clientId ?? Guid.NewGuid(), Title = title, Members = [.. members.Select(member => member.Id)] },
            Cancellation);

    internal async Task<ImmutableArray<InboxRow>> ListsAsync() =>
        (await host.Inbox(this).ListAsync(new InboxQuery { Caller = Caller, Limit = 200 }, Cancellation)).Rows;

    internal Task<InboxPage> ListsPageAsync(int limit, InboxPosition? after) =>
        host.Inbox(this).ListAsync(new InboxQuery { Caller = Caller, Limit = limit, After = after }, Cancellation);

    internal async Task<UnreadBasis?> CountsAsync(ConversationId conversation) =>
        (await host.Inbox(this).ReadAsync(Caller, [conversation], Cancellation)).SingleOrDefault()?.Basis;

    internal async Task<UnreadBasis?> MarksReadAsync(ConversationId conversation, long upToSeq) =>
        (await host.Inbox(this).MarkReadAsync(Caller, conversation, upToSeq, Cancellation)).Basis;

    internal async Task<UnreadBasis?> MarksUnreadAsync(ConversationId conversation, long fromSeq) =>
        (await host.Inbox(this).MarkUnreadAsync(Caller, conversation, fromSeq, Cancellation)).Basis;

    internal Task<MarkAllReadResult> MarksAllReadAsync() => host.Inbox(this).MarkAllReadAsync(Caller, Cancellation);

    internal Task<UndoMarkAllReadResult> UndoesAsync(Guid undo) => host.Inbox(this).UndoMarkAllReadAsync(Caller, undo, Cancellation);

    internal Task<SetNotificationsResult> SetsNotificationsAsync(
        ConversationId conversation, NotificationLevel? level = null, MuteChange? mute = null, DateTimeOffset? until = null) =>
        host.Inbox(this).SetNotificationsAsync(
            new SetNotifications { Caller = Caller, ConversationId = conversation, Level = level, Mute = mute, MutedUntil = until }, Cancellation);

    internal async Task<ImmutableArray<MentionRow>> MentionsAsync(bool unreadOnly = false) =>
        (await host.Inbox(this).MentionsAsync(new MentionsQuery { Caller = Caller, Limit = 200, UnreadOnly = unreadOnly }, Cancellation)).Rows;

    internal Task<WhyNotifiedResult> AsksWhyAsync(ConversationId conversation, long seq) =>
        host.Inbox(this).WhyNotifiedAsync(Caller, conversation, seq, Cancellation);

    /// <summary>The chat list through a filter.</summary>
    internal async Task<IEnumerable<ConversationId>> FiltersAsync(string filter) =>
        (await host.Inbox(this).ListAsync(new InboxQuery { Caller = Caller, Limit = 200, Filter = filter }, Cancellation)).Rows.Select(row => row.ConversationId);

    internal Task<ImmutableArray<FoundConversation>> FindsAsync(string text, int limit = 50) =>
        host.Inbox(this).FindConversationsAsync(Caller, text, limit, Cancellation);

    internal Task<MentionablePeople> FindsMentionableAsync(ConversationId conversation, string text, int limit = 8) =>
        host.Inbox(this).FindMentionableAsync(Caller, conversation, text, limit, Cancellation);

    internal Task<ImmutableArray<SyncedConversation>> SyncsAsync(params (ConversationId Conversation, long Rev)[] points) =>
        host.Inbox(this).SyncAsync(
            Caller, [.. points.Select(point => new SyncPoint { ConversationId = point.Conversation, Rev = point.Rev })], Cancellation);
}
