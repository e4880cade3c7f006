using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.MessageLog.Tests;

/// <summary>A tenant of a test's own with a few people, and the words to write in it.</summary>
internal sealed class TestTenant
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static int _tenants;
    private readonly ChatStore _store;
    private int _minutes;

    private TestTenant(ChatStore store) => _store = store;

    internal TenantId Id { get; } = TenantId.Of($"tenant-{Interlocked.Increment(ref _tenants)}");

    internal static UserId Ann { get; } = UserId.Of("ann");

    internal static UserId Bob { get; } = UserId.Of("bob");

    internal static UserId Cleo { get; } = UserId.Of("cleo");

    internal static ConversationId AnnAndBob { get; } = ConversationId.Direct(Ann, Bob);

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<TestTenant> CreateAsync(ChatStore store)
    {
        var tenant = new TestTenant(store);
        await store.Directory.AddPeopleAsync(
            tenant.Id,
            [
                new Person { UserId = Ann, Name = "Ann Archer", Role = Role.Agent },
                new Person { UserId = Bob, Name = "Bob Baker", Role = Role.Supervisor },
                new Person { UserId = Cleo, Name = "Cleo Cook", Role = Role.Owner },
            ],
            Cancellation);
        return tenant;
    }

    internal static ConversationId NewGroup() => ConversationId.Of(Guid.NewGuid());

    /// <summary>A minute after the one before.</summary>
    internal DateTimeOffset NextMinute() => Start.AddMinutes(Interlocked.Increment(ref _minutes));

    internal MessageEntry Text(UserId author, string text, Guid? clientId = null) => new()
    {
        At = NextMinute(),
        Kind = MessageKind.Text,
        AuthorId = author,
        ClientId = clientId ?? Guid.NewGuid(),
        Text = text,
    };

    internal MessageEntry Fact(UserId actor, SystemFactKind kind, params ImmutableArray<UserId> targets) => new()
    {
        At = NextMinute(),
        Kind = MessageKind.System,
        AuthorId = actor,
        ClientId = Guid.NewGuid(),
        Text = "",
        Fact = new SystemFact { Kind = kind, Targets = targets },
    };

    internal ChangeEntry Change(string kind = "test", string payload = "{}") => new() { At = NextMinute(), Kind = kind, Payload = payload };

    internal ConversationAppend Creation(ConversationId conversation, ImmutableArray<UserId> members, params ImmutableArray<LogEntry> entries) => new()
    {
        TenantId = Id,
        ConversationId = conversation,
        Expected = null,
        Creation = new ConversationCreation
        {
            Kind = conversation.IsDirect ? ConversationKind.Direct : ConversationKind.Group,
            Title = conversation.IsDirect ? null : "Standup",
            CreatedBy = members[0],
            CreatedAt = Start,
        },
        Entries = entries,
        Begins = [.. members.Select(member => new MembershipBegin { UserId = member, JoinedSeq = 1, ReadSeq = 0 })],
    };

    internal ConversationAppend Append(ConversationId conversation, Head head, params ImmutableArray<LogEntry> entries) => new()
    {
        TenantId = Id,
        ConversationId = conversation,
        Expected = head,
        Entries = entries,
    };

    /// <summary>Stores it, on the store that the tenant lives in.</summary>
    /// <returns>The new head.</returns>
    internal async Task<Head> WriteAsync(ConversationAppend append) =>
        (await _store.Log.AppendAsync(append, Cancellation)).ShouldBeOfType<AppendResult.Appended>().Head;

    /// <summary>A group of Ann and Bob with so many texts of Ann's.</summary>
    internal async Task<(ConversationId Conversation, Head Head)> GroupAsync(int texts)
    {
        var conversation = NewGroup();
        ImmutableArray<LogEntry> entries =
        [
            Fact(Ann, SystemFactKind.Created, Ann, Bob),
            .. Enumerable.Range(1, texts).Select(number => Text(Ann, $"text {number}")),
        ];
        return (conversation, await WriteAsync(Creation(conversation, [Ann, Bob], entries)));
    }

    internal Task<MessagesRead?> ReadAsync(ConversationId conversation, UserId viewer, long fromSeq = 1, long toSeq = long.MaxValue) =>
        _store.Log.ReadMessagesAsync(Id, conversation, viewer, fromSeq, toSeq, Cancellation);

    internal Task<ChangesRead?> ChangesAsync(ConversationId conversation, UserId? viewer, long sinceRev) =>
        _store.Log.ReadChangesAsync(Id, conversation, viewer, sinceRev, Cancellation);

    internal Task<ImmutableArray<ChangesRead?>> ChangesOfManyAsync(UserId viewer, params (ConversationId Conversation, long SinceRev)[] points) =>
        _store.Log.ReadChangesOfManyAsync(
            Id, viewer, [.. points.Select(point => new SyncPoint { ConversationId = point.Conversation, Rev = point.SinceRev })], Cancellation);
}
