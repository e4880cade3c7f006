using System.Diagnostics;
using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Load.Servers;

/// <summary>The one tenant of a load run: its people, by number, and the conversations among them.</summary>
internal sealed class LoadTenant
{
    internal static readonly TenantId Id = TenantId.Of("load");

    private const int PeopleAtOnceMax = 1_000;
    private const int IndexRevs = 2_000;

    internal static UserId User(int index) => UserId.Of("u" + index.ToString("D5", CultureInfo.InvariantCulture));

    internal static string Name(int index) => "Person " + index.ToString("D5", CultureInfo.InvariantCulture);

    internal static async Task AddPeopleAsync(ChatStore store, int count, CancellationToken cancellationToken)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(PeopleAtOnceMax))
        {
            Person[] people = [.. some.Select(index => new Person { UserId = User(index), Name = Name(index), Role = Role.Agent })];
            await store.Directory.AddPeopleAsync(Id, people, cancellationToken);
        }
    }

    /// <summary>Groups of neighbours: the first has the people 0 to <paramref name="members"/> − 1, and so on.</summary>
    internal static async Task<ConversationId[]> AddGroupsAsync(ChatStore store, int count, int members, CancellationToken cancellationToken)
    {
        var groups = new ConversationId[count];
        for (var group = 0; group < count; group++)
        {
            groups[group] = ConversationId.Of(Guid.CreateVersion7());
            var creation = Creation(groups[group], group, [.. Enumerable.Range(group * members, members).Select(User)]);
            await AppendAsync(store, creation, cancellationToken);
        }

        return groups;
    }

    /// <summary>Groups of these sizes; all have the first person, and so on: whoever is in one is in each larger one.</summary>
    internal static async Task<ConversationId[]> AddGroupsOfAsync(ChatStore store, IEnumerable<int> sizes, CancellationToken cancellationToken)
    {
        var groups = new List<ConversationId>();
        foreach (var size in sizes)
        {
            groups.Add(ConversationId.Of(Guid.CreateVersion7()));
            await AppendAsync(store, Creation(groups[^1], groups.Count, [.. Enumerable.Range(0, size).Select(User)]), cancellationToken);
        }

        return [.. groups];
    }

    /// <summary>Brings the search index level with the log, before a server opens the store and does it beside the load.</summary>
    internal static async Task IndexAsync(ChatStore store, Action<TimeSpan> onChunk, CancellationToken cancellationToken)
    {
        while ((await store.Search.ReadBehindAsync(since: null, after: null, cancellationToken)).Conversations is { IsEmpty: false } behind)
        {
            for (var rest = behind; !rest.IsEmpty;)
            {
                var chunk = Stopwatch.GetTimestamp();
                var indexed = await store.Search.IndexAsync(rest, IndexRevs, cancellationToken) ?? throw new LoadException("Another process indexes the store.");
                rest = rest[indexed.Conversations..];
                onChunk(Stopwatch.GetElapsedTime(chunk));
            }
        }
    }

    /// <summary>Direct conversations of neighbours: 0 with 1, 2 with 3, …; nothing is stored before their first message.</summary>
    internal static ConversationId[] Pairs(int count) =>
        [.. Enumerable.Range(0, count).Select(pair => ConversationId.Direct(User(2 * pair), User((2 * pair) + 1)))];

    private static async Task AppendAsync(ChatStore store, ConversationAppend append, CancellationToken cancellationToken)
    {
        if (await store.Log.AppendAsync(append, cancellationToken) is not AppendResult.Appended)
        {
            throw new LoadException("The store did not take a group; the database of a load run must be empty.");
        }
    }

    private static ConversationAppend Creation(ConversationId id, int number, UserId[] members)
    {
        var now = TimeProvider.System.GetUtcNow();
        var title = "Group " + number.ToString(CultureInfo.InvariantCulture);
        return new ConversationAppend
        {
            TenantId = Id,
            ConversationId = id,
            Expected = null,
            Creation = new ConversationCreation { Kind = ConversationKind.Group, Title = title, CreatedBy = members[0], CreatedAt = now },
            Entries =
            [
                new MessageEntry
                {
                    At = now,
                    Kind = MessageKind.System,
                    AuthorId = members[0],
                    ClientId = Guid.CreateVersion7(),
                    Text = "",
                    Fact = new SystemFact { Kind = SystemFactKind.Created, Targets = [.. members], After = title },
                },
            ],
            Begins = [.. members.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 1 })],
        };
    }
}
