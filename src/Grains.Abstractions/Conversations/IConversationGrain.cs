using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;

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
    Task<PostResult> PostAsync(PostMessage command, CancellationToken cancellationToken);

    /// <summary>Creates this conversation as a group with the caller and the named people (rule C4). Safe to repeat.</summary>
    [Alias("CreateGroupAsync")]
    Task<CreateGroupResult> CreateGroupAsync(CreateGroup command, CancellationToken cancellationToken);

    /// <summary>A page of messages, membership checked by the statement that reads them (rule M11).</summary>
    [AlwaysInterleave]
    [Alias("HistoryAsync")]
    Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

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
}

/// <summary>Why a post was refused.</summary>
[GenerateSerializer, Alias("chat.PostRefusal")]
public enum PostRefusal
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
}

/// <summary>The answer to a post: where it stands, or why not.</summary>
[GenerateSerializer, Immutable, Alias("chat.PostResult")]
public sealed record PostResult
{
    /// <summary>Null when the message is stored.</summary>
    [Id(0)]
    public PostRefusal? Refusal { get; init; }

    /// <summary>When to repeat, for refusals that pass.</summary>
    [Id(1)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The message's place.</summary>
    [Id(2)]
    public long Seq { get; init; }

    /// <summary>The change's number.</summary>
    [Id(3)]
    public long Rev { get; init; }

    /// <summary>Server time of acceptance.</summary>
    [Id(4)]
    public DateTimeOffset Time { get; init; }

    /// <summary>True when an earlier command with the same <c>ClientId</c> had stored it.</summary>
    [Id(5)]
    public bool Duplicate { get; init; }
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
