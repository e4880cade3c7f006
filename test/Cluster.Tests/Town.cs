using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Checker;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Cluster.Tests;

/// <summary>
/// The people of a run and their conversations. It writes into the log itself, as an import does: every change of members
/// that it makes is also a second writer, whom the conversation's own grain has to notice.
/// </summary>
internal sealed class Town : IAsyncDisposable
{
    internal const string Tenant = "acme";
    private const string Administrator = "admin";
    private static readonly TenantId Id = TenantId.Of(Tenant);

    private readonly ChatStore _store;

    private Town(ChatStore store) => _store = store;

    internal static async Task<Town> OpenAsync(ClusterDatabase database, int people)
    {
        var town = new Town(await ChatStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, ExclusiveProcess = false, Migrate = false },
            TimeProvider.System,
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken));
        Person[] all = [.. Enumerable.Range(0, people).Select(NameOf).Append(Administrator).Select(name => new Person { UserId = UserId.Of(name), Name = name, Role = Role.Agent })];
        await town._store.Directory.AddPeopleAsync(Id, all, CancellationToken.None);
        return town;
    }

    internal static string NameOf(int number) => "u" + number.ToString("D3", CultureInfo.InvariantCulture);

    internal async Task<string> AddGroupAsync(string title, IEnumerable<string> members)
    {
        ImmutableArray<UserId> founders = [.. members.Select(UserId.Of)];
        var id = ConversationId.Of(Guid.CreateVersion7());
        var append = new ConversationAppend
        {
            TenantId = Id,
            ConversationId = id,
            Expected = null,
            Creation = new ConversationCreation { Kind = ConversationKind.Group, Title = title, CreatedBy = founders[0], CreatedAt = TimeProvider.System.GetUtcNow() },
            Entries = [Fact(founders[0], new SystemFact { Kind = SystemFactKind.Created, Targets = founders, After = title })],
            Begins = [.. founders.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 1 })],
        };
        (await _store.Log.AppendAsync(append, CancellationToken.None)).ShouldBeOfType<AppendResult.Appended>();
        return id.ToString();
    }

    internal async Task AddMemberAsync(string conversation, string user, History history)
    {
        history.Add(new HistoryEntry
        {
            Client = Administrator,
            User = Administrator,
            Op = Operation.Add,
            Phase = Phase.Invoke,
            Conversation = conversation,
            Id = Guid.Empty,
            Author = user,
        });
        await ChangeAsync(conversation, SystemFactKind.Added, user, (append, seq) => append with
        {
            Begins = [new MembershipBegin { UserId = UserId.Of(user), JoinedSeq = seq, ReadSeq = seq - 1 }],
        });
    }

    internal Task RemoveMemberAsync(string conversation, string user) => ChangeAsync(conversation, SystemFactKind.Removed, user, (append, seq) => append with
    {
        Ends = [new MembershipEnd { UserId = UserId.Of(user), LeftSeq = seq }],
    });

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Competes with those who post for the head until it wins.</summary>
    private async Task ChangeAsync(string conversation, SystemFactKind kind, string user, Func<ConversationAppend, long, ConversationAppend> complete)
    {
        ConversationId.TryParse(conversation, out var id).ShouldBeTrue();
        var fact = Fact(UserId.Of(Administrator), new SystemFact { Kind = kind, Targets = [UserId.Of(user)] });
        AppendResult result;
        do
        {
            var stored = await _store.Log.ReadConversationAsync(Id, id, CancellationToken.None);
            var append = new ConversationAppend { TenantId = Id, ConversationId = id, Expected = stored!.Head, Entries = [fact] };
            result = await _store.Log.AppendAsync(complete(append, stored.Head.Seq + 1), CancellationToken.None);
        }
        while (result is AppendResult.Fenced);

        result.ShouldBeOfType<AppendResult.Appended>();
    }

    private static MessageEntry Fact(UserId author, SystemFact fact) => new()
    {
        At = TimeProvider.System.GetUtcNow(),
        Kind = MessageKind.System,
        AuthorId = author,
        ClientId = Guid.CreateVersion7(),
        Text = "",
        Fact = fact,
    };
}
