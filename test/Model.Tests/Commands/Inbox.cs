using System.Globalization;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Commands;

internal sealed record MarkUnread : Command
{
    public required Place In { get; init; }

    public required long From { get; init; }

    private protected override string Script => $"marks {In} unread from {From}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(
        (await chat.Inbox(By).MarkUnreadAsync(CallerOf(chat.Tenant), In.Id(chat.Tenant), From, CancellationToken.None)).Basis);

    internal override string Expect(ModelChat model) => Show.Of(model.MarkUnread(CallerOf(model.Tenant), In.Id(model.Tenant), From)?.Basis);
}

internal sealed record MarkAllRead : Command
{
    private protected override string Script => "marks all as read";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var marked = await chat.Inbox(By).MarkAllReadAsync(CallerOf(chat.Tenant), CancellationToken.None);
        if (marked.Undo is { } undo)
        {
            chat.Undos[By] = undo;
        }

        return marked.Conversations.ToString(CultureInfo.InvariantCulture);
    }

    internal override string Expect(ModelChat model) => model.MarkAllRead(CallerOf(model.Tenant)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Takes the last "mark all as read" back; before there was one, with a token that nobody gave out.</summary>
internal sealed record UndoMarkAllRead : Command
{
    private protected override string Script => "undoes marking all as read";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var undone = await chat.Inbox(By).UndoMarkAllReadAsync(CallerOf(chat.Tenant), chat.Undos.GetValueOrDefault(By, Ids.Of(0)), CancellationToken.None);
        return undone.Expired ? "expired" : undone.Conversations.ToString(CultureInfo.InvariantCulture);
    }

    internal override string Expect(ModelChat model) =>
        model.UndoMarkAllRead(CallerOf(model.Tenant))?.ToString(CultureInfo.InvariantCulture) ?? "expired";
}

internal sealed record SetNotified : Command
{
    public required Place In { get; init; }

    public NotificationLevel? Level { get; init; }

    public MuteChange? Mute { get; init; }

    public TimeSpan? Lasting { get; init; }

    private protected override string Script => $"wants {Level?.ToString() ?? "the same"} of {In}, mute {Mute} {Lasting}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var set = await chat.Inbox(By).SetNotificationsAsync(
            new SetNotifications
            {
                Caller = CallerOf(chat.Tenant), ConversationId = In.Id(chat.Tenant), Level = Level, Mute = Mute,
                MutedUntil = Lasting is { } time ? chat.Host.Time.GetUtcNow() + time : null,
            },
            CancellationToken.None);
        return set.Basis is null ? "none" : $"{set.Level} {Show.Of(set.Basis)}";
    }

    internal override string Expect(ModelChat model) =>
        model.SetNotifications(CallerOf(model.Tenant), In.Id(model.Tenant), Level, Mute, Lasting) is { } row ? $"{row.Level} {Show.Of(row.Basis)}" : "none";
}

/// <summary>Walks through all of one's mentions.</summary>
internal sealed record ListMentions : Command
{
    public required int PageSize { get; init; }

    public required bool UnreadOnly { get; init; }

    private protected override string Script => $"lists {(UnreadOnly ? "unread " : "")}mentions by {PageSize}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var text = new List<string>();
        MentionPosition? after = null;
        do
        {
            var page = await chat.Inbox(By).MentionsAsync(
                new MentionsQuery { Caller = CallerOf(chat.Tenant), Limit = PageSize, UnreadOnly = UnreadOnly, After = after }, CancellationToken.None);
            text.AddRange(page.Rows.Select(row => Show.Of(row.ConversationId, row.Title, row.Message, row.Unread, row.Done)));
            after = page.Next;
        }
        while (after is not null);
        return string.Join("\n  ", text);
    }

    internal override string Expect(ModelChat model) => string.Join("\n  ", model.Mentions(CallerOf(model.Tenant), UnreadOnly));
}

internal sealed record MarkMention : Command
{
    public required Place In { get; init; }

    public required long Seq { get; init; }

    public required bool Done { get; init; }

    private protected override string Script => $"is {(Done ? "" : "not ")}done with the mention {Seq} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) => (await chat.Inbox(By).MarkMentionDoneAsync(
        CallerOf(chat.Tenant), In.Id(chat.Tenant), Seq, Done, CancellationToken.None)).ToString();

    internal override string Expect(ModelChat model) => model.MarkMentionDone(CallerOf(model.Tenant), In.Id(model.Tenant), Seq, Done).ToString();
}
