using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Commands;

internal sealed record KeepDraft : Command
{
    public required Place In { get; init; }

    /// <summary>Null for no draft any more.</summary>
    public required Words? Words { get; init; }

    public long? ReplyTo { get; init; }

    /// <summary>The version that was seen.</summary>
    public required long Seen { get; init; }

    private protected override string Script => $"keeps {Words?.ToString() ?? "nothing"} for {In}{(ReplyTo is { } seq ? $" answering {seq}" : "")} after v{Seen}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var result = await chat.Inbox(By).SaveDraftAsync(
            new SaveDraft { Caller = CallerOf(chat.Tenant), ConversationId = In.Id(chat.Tenant), Text = Words?.Text ?? string.Empty, ReplyTo = ReplyTo, Version = Seen },
            CancellationToken.None);
        return Show.Of(result);
    }

    internal override string Expect(ModelChat model) => Show.Of(model.SaveDraft(CallerOf(model.Tenant), In.Id(model.Tenant), Words, ReplyTo, Seen));
}
