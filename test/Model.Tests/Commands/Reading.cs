using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Commands;

/// <summary>Walks through the whole list, page by page.</summary>
internal sealed record ListAll : Command
{
    public required int PageSize { get; init; }

    private protected override string Script => $"lists by {PageSize}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var text = new List<string>();
        InboxPosition? after = null;
        do
        {
            var page = await chat.Inbox(By).ListAsync(
                new InboxQuery { Caller = CallerOf(chat.Tenant), Limit = PageSize, After = after }, CancellationToken.None);
            text.AddRange(page.Rows.Select(Show.Of));
            after = page.Next;
        }
        while (after is not null);
        return string.Join("\n  ", text);
    }

    internal override string Expect(ModelChat model) => string.Join("\n  ", model.List(CallerOf(model.Tenant)).Select(Show.Of));
}

internal sealed record History : Command
{
    public required Place In { get; init; }

    public required HistoryAnchor Anchor { get; init; }

    public required long Seq { get; init; }

    public required int Limit { get; init; }

    private protected override string Script => $"reads {Limit} {Anchor} {Seq} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).HistoryAsync(
        new HistoryQuery { Caller = CallerOf(chat.Tenant), Anchor = Anchor, Seq = Seq, Limit = Limit }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.History(CallerOf(model.Tenant), In.Id(model.Tenant), Anchor, Seq, Limit));
}

internal sealed record Versions : Command
{
    public required Place In { get; init; }

    public required long Seq { get; init; }

    private protected override string Script => $"reads the versions of {Seq} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) =>
        Show.Of(await chat.Conversation(In).VersionsAsync(CallerOf(chat.Tenant), Seq, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.Versions(CallerOf(model.Tenant), In.Id(model.Tenant), Seq));
}

internal sealed record Members : Command
{
    public required Place In { get; init; }

    public required Player? After { get; init; }

    public required int Limit { get; init; }

    private protected override string Script => $"reads {Limit} members after {After} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).ListMembersAsync(
        new MembersQuery { Caller = CallerOf(chat.Tenant), After = After?.Id, Limit = Limit }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.Members(CallerOf(model.Tenant), In.Id(model.Tenant), After?.Id, Limit));
}

internal sealed record Sync : Command
{
    public required Place In { get; init; }

    public required long Since { get; init; }

    private protected override string Script => $"syncs {In} since {Since}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var point = new SyncPoint { ConversationId = In.Id(chat.Tenant), Rev = Since };
        var synced = (await chat.Inbox(By).SyncAsync(CallerOf(chat.Tenant), [point], CancellationToken.None)).Single();
        return Text(synced.Row, synced.Reset, synced.Changes.Select(change => (change.Rev, change.Kind, SeqOf(change))));
    }

    internal override string Expect(ModelChat model)
    {
        var (row, reset, changes) = model.Sync(CallerOf(model.Tenant), In.Id(model.Tenant), Since);
        return Text(row, reset, changes);
    }

    private static string Text(InboxRow? row, bool reset, IEnumerable<(long Rev, ChangeKind Kind, long Seq)> changes) =>
        $"{Show.Of(row)}{(reset ? " reset" : "")} {string.Join(' ', changes.Select(change => $"{change.Rev}:{change.Kind}:{change.Seq}"))}";

    private static long SeqOf(ConversationChange change) => change.Kind switch
    {
        ChangeKind.Posted => change.Posted!.Seq,
        ChangeKind.Edited => change.Edited!.Seq,
        ChangeKind.Deleted => change.Deleted!.Seq,
        ChangeKind.Reacted => change.Reacted!.Seq,
        ChangeKind.Unknown => 0,
    };
}

internal sealed record MarkRead : Command
{
    public required Place In { get; init; }

    public required long UpTo { get; init; }

    private protected override string Script => $"has read {In} up to {UpTo}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(
        (await chat.Inbox(By).MarkReadAsync(CallerOf(chat.Tenant), In.Id(chat.Tenant), UpTo, CancellationToken.None)).Basis);

    internal override string Expect(ModelChat model) => Show.Of(model.MarkRead(CallerOf(model.Tenant), In.Id(model.Tenant), UpTo)?.Basis);
}

internal sealed record Find : Command
{
    public required string Text { get; init; }

    public required int Limit { get; init; }

    private protected override string Script => $"looks for {Limit} '{Text}'";

    internal override async Task<string> RunAsync(RealChat chat) => string.Join(',',
        (await chat.Host.People(chat.Tenant).FindAsync(Text, Limit, CancellationToken.None)).Select(person => person.UserId));

    internal override string Expect(ModelChat model) => string.Join(',', model.Find(Text, Limit));
}

/// <summary>Time passes; what has been idle for long is forgotten by the grains.</summary>
internal sealed record Wait : Command
{
    public required TimeSpan Time { get; init; }

    private protected override string Script => string.Create(CultureInfo.InvariantCulture, $"waits {Time.TotalSeconds} s");

    internal override Task<string> RunAsync(RealChat chat)
    {
        chat.Host.Time.Advance(Time);
        return Task.FromResult(string.Empty);
    }

    internal override string Expect(ModelChat model) => string.Empty;
}
