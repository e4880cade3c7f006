using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Conversations;

/// <summary>
/// One conversation (key: <see cref="ConversationKey"/>) and the only writer of its log. A caller who is not a member
/// is answered as if the conversation did not exist.
/// </summary>
[Alias("chat.IConversationGrain")]
public interface IConversationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Appends a message. The answer is given after the commit; the first message of a direct conversation creates it
    /// (rule C2). Repeating a command with the same <c>ClientId</c> returns the first answer for ever (rule M3).
    /// </summary>
    /// <exception cref="TimeoutException">Whether it was stored is unknown: repeat it with the same id.</exception>
    [AlwaysInterleave]
    [Alias("PostAsync")]
    Task<CommandResult> PostAsync(PostMessage command, CancellationToken cancellationToken);

    /// <summary>Replaces a message's text; its author only, whatever the role (rule M8).</summary>
    [AlwaysInterleave]
    [Alias("EditAsync")]
    Task<CommandResult> EditAsync(EditMessage command, CancellationToken cancellationToken);

    /// <summary>Makes a tombstone of a message: one's own, or any with the permission (rule M10). Deleting again changes nothing.</summary>
    [AlwaysInterleave]
    [Alias("DeleteAsync")]
    Task<CommandResult> DeleteAsync(DeleteMessage command, CancellationToken cancellationToken);

    /// <summary>Adds the caller's reaction to a message or takes it back. What is so already changes nothing.</summary>
    [AlwaysInterleave]
    [Alias("ReactAsync")]
    Task<CommandResult> ReactAsync(ReactToMessage command, CancellationToken cancellationToken);

    /// <summary>Adds people to the group (rules C7, C8). Those who are members already stay as they are.</summary>
    [AlwaysInterleave]
    [Alias("AddMembersAsync")]
    Task<CommandResult> AddMembersAsync(AddMembers command, CancellationToken cancellationToken);

    /// <summary>Removes a member from the group, or lets the caller leave it (rules C10, C12).</summary>
    [AlwaysInterleave]
    [Alias("RemoveMemberAsync")]
    Task<CommandResult> RemoveMemberAsync(RemoveMember command, CancellationToken cancellationToken);

    /// <summary>Renames the group (rule C5).</summary>
    [AlwaysInterleave]
    [Alias("RenameAsync")]
    Task<CommandResult> RenameAsync(RenameGroup command, CancellationToken cancellationToken);

    /// <summary>
    /// Somebody types; checked like a post (rule T6), kept nowhere, told to at most as many members as the limit. "Begins" or
    /// "goes on" once per 2 s and person; "ceases" always, and told only after one of those.
    /// </summary>
    [AlwaysInterleave]
    [Alias("TypingAsync")]
    Task<TypingResult> TypingAsync(TypingNotice notice, CancellationToken cancellationToken);

    /// <summary>Creates this conversation as a group with the caller and the named people (rule C4). Safe to repeat.</summary>
    [AlwaysInterleave]
    [Alias("CreateGroupAsync")]
    Task<CreateGroupResult> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken);

    /// <summary>A page of messages, membership checked by the statement that reads them (rule M11).</summary>
    [AlwaysInterleave]
    [Alias("HistoryAsync")]
    Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Every text that a message had, the first first; the last is the one that stands (rule M8).</summary>
    [AlwaysInterleave]
    [Alias("VersionsAsync")]
    Task<VersionsPage> VersionsAsync(Caller caller, long seq, CancellationToken cancellationToken);

    /// <summary>A page of the members in order of their ids, membership checked by the statement that reads them.</summary>
    [AlwaysInterleave]
    [Alias("ListMembersAsync")]
    Task<MembersPage> ListMembersAsync(MembersQuery query, CancellationToken cancellationToken);

    /// <summary>What changed after a <c>rev</c>, for a member (rule M12).</summary>
    [AlwaysInterleave]
    [Alias("ChangesAsync")]
    Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// For gateways only: what was appended after a <c>rev</c>, at most 200 changes, whoever the members are.
    /// The caller decides who may see it.
    /// </summary>
    [AlwaysInterleave]
    [Alias("AppendedSinceAsync")]
    Task<ConversationAppended?> AppendedSinceAsync(long rev, CancellationToken cancellationToken);

    /// <summary>Decides how long this conversation is kept, and states it in it (rule R5). Repeating it changes nothing.</summary>
    [Alias("SetRetentionAsync")]
    Task<SetRetentionResult> SetRetentionAsync(SetRetention command, CancellationToken cancellationToken);

    /// <summary>
    /// For the daily purge only: makes tombstones, without former texts, of the messages that are older than this conversation
    /// is kept; a bounded number at a time. What is held stays.
    /// </summary>
    /// <param name="tenantDays">What the tenant decided; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("PurgeAsync")]
    Task<PurgeResult> PurgeAsync(int? tenantDays, CancellationToken cancellationToken);

    /// <summary>For gateways only: who belongs to the conversation now; empty when it does not exist.</summary>
    [AlwaysInterleave]
    [Alias("MembersAsync")]
    Task<MemberList> MembersAsync(CancellationToken cancellationToken);
}

/// <summary>A message to append.</summary>
[GenerateSerializer, Immutable, Alias("chat.PostMessage")]
public sealed record PostMessage
{
    /// <summary>Who posts.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>
    /// What the person wrote, as received; the grain normalises it to NFC and checks the bounds (rule M6). Whoever receives
    /// it refuses lone surrogates first: between processes they become U+FFFD, and the grain would not see them.
    /// </summary>
    [Id(2)]
    public required string Text { get; init; }

    /// <summary>The message that it answers; null for none.</summary>
    [Id(3)]
    public long? ReplyTo { get; init; }

    /// <summary>True when the author knows how many people a wide mention reaches (rule N3).</summary>
    [Id(4)]
    public bool WideConfirmed { get; init; }
}

/// <summary>Why a command was refused.</summary>
[GenerateSerializer, Alias("chat.PostRefusal")]
public enum CommandRefusal
{
    /// <summary>No such conversation, or the caller does not belong to it.</summary>
    NotFound = 1,

    /// <summary>Nothing but white space.</summary>
    TextEmpty = 2,

    /// <summary>More scalars or UTF-8 bytes than the limit.</summary>
    TextTooLong = 3,

    /// <summary>U+0000 or a lone surrogate.</summary>
    TextInvalid = 4,

    /// <summary>The <c>ClientId</c> was used before with another content.</summary>
    ClientIdReused = 5,

    /// <summary>Too much is waiting for this conversation; repeat after the pause.</summary>
    Overloaded = 6,

    /// <summary>The store cannot answer; repeat after the pause with the same id.</summary>
    Unavailable = 7,

    /// <summary>The caller may not do this here.</summary>
    Forbidden = 8,

    /// <summary>More people are mentioned by name than the limit.</summary>
    TooManyMentions = 9,

    /// <summary>A wide mention needs a permission that the caller lacks (rules C6, N3).</summary>
    WideMentionForbidden = 10,

    /// <summary>A wide mention reaches <see cref="CommandResult.Recipients"/> people: repeat it confirmed (rule N3).</summary>
    ConfirmationNeeded = 11,

    /// <summary>No message of a person has this seq.</summary>
    MessageNotFound = 12,

    /// <summary>The message was deleted.</summary>
    MessageDeleted = 13,

    /// <summary>The message has changed since: <see cref="CommandResult.Version"/> is the one that stands.</summary>
    VersionStale = 14,

    /// <summary>The tenant's time for editing is over.</summary>
    EditClosed = 15,

    /// <summary>Not one emoji.</summary>
    EmojiInvalid = 16,

    /// <summary>The message has as many different reactions as it may have.</summary>
    TooManyReactions = 17,

    /// <summary>Only a group has a name and members that can be changed.</summary>
    NotAGroup = 18,

    /// <summary>The title is empty, too long or not well-formed.</summary>
    TitleInvalid = 19,

    /// <summary>More members than the limit.</summary>
    TooManyMembers = 20,

    /// <summary>Somebody named is not an active person of this tenant.</summary>
    UnknownMember = 21,

    /// <summary>The role of somebody named is restricted from chat (rule C7).</summary>
    MemberRestricted = 22,

    /// <summary>The other person of a direct conversation was deactivated (rule C13).</summary>
    PeerInactive = 23,
}

/// <summary>The answer to a command: what it caused, or why not.</summary>
[GenerateSerializer, Immutable, Alias("chat.PostResult")]
public sealed record CommandResult
{
    /// <summary>Null when it is done.</summary>
    [Id(0)]
    public CommandRefusal? Refusal { get; init; }

    /// <summary>When to repeat, for refusals that pass.</summary>
    [Id(1)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The message's place: of the one that was posted or stated, or the one that was changed.</summary>
    [Id(2)]
    public long Seq { get; init; }

    /// <summary>The change's number; when there was nothing to change, the last one's.</summary>
    [Id(3)]
    public long Rev { get; init; }

    /// <summary>Server time of acceptance.</summary>
    [Id(4)]
    public DateTimeOffset Time { get; init; }

    /// <summary>True when an earlier command with the same <c>ClientId</c> had stored it.</summary>
    [Id(5)]
    public bool Duplicate { get; init; }

    /// <summary>With <see cref="CommandRefusal.VersionStale"/>: the version that stands.</summary>
    [Id(6)]
    public int Version { get; init; }

    /// <summary>People the text names who are no members: nobody told them (rule N4). Not said again to a repetition.</summary>
    [Id(7)]
    public ImmutableArray<UserId> NotMembers { get; init; } = [];

    /// <summary>With <see cref="CommandRefusal.ConfirmationNeeded"/>: how many people the wide mention reaches.</summary>
    [Id(8)]
    public int Recipients { get; init; }
}

/// <summary>A message's new text.</summary>
[GenerateSerializer, Immutable, Alias("chat.EditMessage")]
public sealed record EditMessage
{
    /// <summary>Who edits.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>Which message.</summary>
    [Id(2)]
    public required long Seq { get; init; }

    /// <summary>The version that the author saw; another one than the current is refused.</summary>
    [Id(3)]
    public required int Version { get; init; }

    /// <summary>The new text, with the bounds of a post's.</summary>
    [Id(4)]
    public required string Text { get; init; }

    /// <summary>As of a post: needed when the edit adds @all. An edit cannot add @here.</summary>
    [Id(5)]
    public bool WideConfirmed { get; init; }
}

/// <summary>A message to delete.</summary>
[GenerateSerializer, Immutable, Alias("chat.DeleteMessage")]
public sealed record DeleteMessage
{
    /// <summary>Who deletes.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>Which message.</summary>
    [Id(2)]
    public required long Seq { get; init; }
}

/// <summary>A reaction to add or to take back.</summary>
[GenerateSerializer, Immutable, Alias("chat.ReactToMessage")]
public sealed record ReactToMessage
{
    /// <summary>Who reacts.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>To which message.</summary>
    [Id(2)]
    public required long Seq { get; init; }

    /// <summary>One emoji.</summary>
    [Id(3)]
    public required string Emoji { get; init; }

    /// <summary>False takes it back.</summary>
    [Id(4)]
    public required bool Add { get; init; }
}

/// <summary>People to add to a group.</summary>
[GenerateSerializer, Immutable, Alias("chat.AddMembers")]
public sealed record AddMembers
{
    /// <summary>Who adds them.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>One or more.</summary>
    [Id(2)]
    public required ImmutableArray<UserId> Members { get; init; }
}

/// <summary>A member to remove; the caller leaves by removing themselves.</summary>
[GenerateSerializer, Immutable, Alias("chat.RemoveMember")]
public sealed record RemoveMember
{
    /// <summary>Who removes.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>Whom.</summary>
    [Id(2)]
    public required UserId Member { get; init; }
}

/// <summary>A group's new name.</summary>
[GenerateSerializer, Immutable, Alias("chat.RenameGroup")]
public sealed record RenameGroup
{
    /// <summary>Who renames.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command; never empty.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>1–64 scalars after trimming (rule C5).</summary>
    [Id(2)]
    public required string Title { get; init; }
}

/// <summary>One text that a message had.</summary>
[GenerateSerializer, Immutable, Alias("chat.MessageVersion")]
public sealed record MessageVersion
{
    /// <summary>From 1.</summary>
    [Id(0)]
    public required int Version { get; init; }

    /// <summary>The text.</summary>
    [Id(1)]
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    [Id(2)]
    public required DateTimeOffset Time { get; init; }
}

/// <summary>Every text that a message had.</summary>
[GenerateSerializer, Immutable, Alias("chat.VersionsPage")]
public sealed record VersionsPage
{
    /// <summary>False when there is no such conversation or message for the caller.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>The first first; empty for a deleted message.</summary>
    [Id(1)]
    public ImmutableArray<MessageVersion> Versions { get; init; } = [];

    /// <summary>True when the tenant's policy does not show them to members.</summary>
    [Id(2)]
    public bool Hidden { get; init; }
}

/// <summary>A question for a page of members.</summary>
[GenerateSerializer, Immutable, Alias("chat.MembersQuery")]
public sealed record MembersQuery
{
    /// <summary>Who asks.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>Those behind this one; null from the first.</summary>
    [Id(1)]
    public UserId? After { get; init; }

    /// <summary>At most so many, 1 to 200.</summary>
    [Id(2)]
    public required int Limit { get; init; }
}

/// <summary>Members in order of their ids.</summary>
[GenerateSerializer, Immutable, Alias("chat.MembersPage")]
public sealed record MembersPage
{
    /// <summary>False when there is no such conversation for the caller.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>The page.</summary>
    [Id(1)]
    public ImmutableArray<Person> Members { get; init; } = [];

    /// <summary>How many members there are in all.</summary>
    [Id(2)]
    public int Count { get; init; }
}

/// <summary>A group to create.</summary>
[GenerateSerializer, Immutable, Alias("chat.CreateGroup")]
public sealed record CreateGroup
{
    /// <summary>Who creates it; becomes a member.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The client's UUID for this command.</summary>
    [Id(1)]
    public required Guid ClientId { get; init; }

    /// <summary>1–64 scalars after trimming (rule C5).</summary>
    [Id(2)]
    public required string Title { get; init; }

    /// <summary>The other members; the caller may be among them.</summary>
    [Id(3)]
    public required ImmutableArray<UserId> Members { get; init; }
}

/// <summary>Why a group was not created.</summary>
[GenerateSerializer, Alias("chat.CreateGroupRefusal")]
public enum CreateGroupRefusal
{
    /// <summary>The title is empty, too long or not well-formed.</summary>
    TitleInvalid = 1,

    /// <summary>More members than the limit.</summary>
    TooManyMembers = 2,

    /// <summary>Somebody named is not an active person of this tenant.</summary>
    UnknownMember = 3,

    /// <summary>This conversation exists with another content.</summary>
    ClientIdReused = 4,

    /// <summary>The key is not one of a group of the caller's tenant.</summary>
    NotFound = 5,

    /// <summary>The store cannot answer; repeat with the same id.</summary>
    Unavailable = 6,

    /// <summary>The caller may not create groups.</summary>
    Forbidden = 7,

    /// <summary>The role of somebody named is restricted from chat (rule C7).</summary>
    MemberRestricted = 8,

    /// <summary>Too much is waiting; repeat with the same id.</summary>
    Overloaded = 9,
}

/// <summary>The answer to <see cref="CreateGroup"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.CreateGroupResult")]
public sealed record CreateGroupResult
{
    /// <summary>Null when the group exists.</summary>
    [Id(0)]
    public CreateGroupRefusal? Refusal { get; init; }

    /// <summary>The group's counters right after its creation.</summary>
    [Id(1)]
    public Head Head { get; init; }
}

/// <summary>Where a page of history lies.</summary>
[GenerateSerializer, Alias("chat.HistoryAnchor")]
public enum HistoryAnchor
{
    /// <summary>The last messages.</summary>
    Latest = 1,

    /// <summary>Around the first unread one (25 before, 50 after); the last messages when there is none (rule M11).</summary>
    Unread = 2,

    /// <summary>Right before a seq.</summary>
    Before = 3,

    /// <summary>Right after a seq.</summary>
    After = 4,

    /// <summary>Around a seq, half before and half after.</summary>
    Around = 5,
}

/// <summary>A question for a page of messages.</summary>
[GenerateSerializer, Immutable, Alias("chat.HistoryQuery")]
public sealed record HistoryQuery
{
    /// <summary>Who reads.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>Where the page lies.</summary>
    [Id(1)]
    public required HistoryAnchor Anchor { get; init; }

    /// <summary>The seq that Before, After and Around refer to.</summary>
    [Id(2)]
    public long Seq { get; init; }

    /// <summary>At most so many messages, 1 to 200.</summary>
    [Id(3)]
    public required int Limit { get; init; }
}

/// <summary>Messages of a conversation in order of <c>seq</c>, without a hole.</summary>
[GenerateSerializer, Immutable, Alias("chat.HistoryPage")]
public sealed record HistoryPage
{
    /// <summary>False when there is no such conversation for the caller; everything else is then empty.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>The page, lowest seq first.</summary>
    [Id(1)]
    public ImmutableArray<Message> Messages { get; init; } = [];

    /// <summary>The conversation's counters, not older than the messages.</summary>
    [Id(2)]
    public Head Head { get; init; }

    /// <summary>The caller's read cursor when the page was read.</summary>
    [Id(3)]
    public long ReadSeq { get; init; }
}

/// <summary>A question for what changed.</summary>
[GenerateSerializer, Immutable, Alias("chat.ChangesQuery")]
public sealed record ChangesQuery
{
    /// <summary>Who reads.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>The last change that the caller has.</summary>
    [Id(1)]
    public required long SinceRev { get; init; }
}

/// <summary>What changed after a <c>rev</c>.</summary>
[GenerateSerializer, Immutable, Alias("chat.ChangesPage")]
public sealed record ChangesPage
{
    /// <summary>False when there is no such conversation for the caller.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>True when the caller is more than 200 changes behind, or ahead of the log: read the conversation afresh.</summary>
    [Id(1)]
    public bool Reset { get; init; }

    /// <summary>Every change after the named one in order of <c>rev</c>; empty with <see cref="Reset"/>.</summary>
    [Id(2)]
    public ImmutableArray<ConversationChange> Changes { get; init; } = [];

    /// <summary>The conversation's counters when this was read.</summary>
    [Id(3)]
    public Head Head { get; init; }
}
