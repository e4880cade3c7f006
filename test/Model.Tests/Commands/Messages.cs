using OrleansChat.Conversations;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Commands;

internal sealed record Post : WritingCommand
{
    public required Words Words { get; init; }

    public long? ReplyTo { get; init; }

    public bool Confirmed { get; init; }

    private protected override string Script => $"posts #{Number} in {In}: {Words}{(ReplyTo is { } seq ? $" answering {seq}" : "")}{(Confirmed ? " confirmed" : "")}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        foreach (var player in Words.Here ? chat.There : [])
        {
            await chat.BeatAsync(player); // Whoever is there stays there, however long the test waits.
        }

        return Show.Of(await chat.Conversation(In).PostAsync(
            new PostMessage { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Text = Words.Text, ReplyTo = ReplyTo, WideConfirmed = Confirmed },
            CancellationToken.None));
    }

    internal override string Expect(ModelChat model) =>
        Show.Of(model.Post(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Words, ReplyTo, Confirmed));

    internal override WritingCommand Altered() => this with { ReplyTo = ReplyTo is null ? 1 : null };
}

internal sealed record Edit : WritingCommand
{
    public required long Seq { get; init; }

    public required int Version { get; init; }

    public required Words Words { get; init; }

    public bool Confirmed { get; init; }

    private protected override string Script => $"edits #{Number} {Seq} v{Version} in {In}: {Words}{(Confirmed ? " confirmed" : "")}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).EditAsync(
        new EditMessage { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Seq = Seq, Version = Version, Text = Words.Text, WideConfirmed = Confirmed },
        CancellationToken.None));

    internal override string Expect(ModelChat model) =>
        Show.Of(model.Edit(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Seq, Version, Words, Confirmed));

    internal override WritingCommand Altered() => this with { Words = Words with { Pieces = Words.Pieces.Add(new Piece(PieceKind.Plain, "altered")) } };
}

internal sealed record Delete : WritingCommand
{
    public required long Seq { get; init; }

    private protected override string Script => $"deletes #{Number} {Seq} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).DeleteAsync(
        new DeleteMessage { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Seq = Seq }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.Delete(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Seq));

    internal override WritingCommand Altered() => this with { Seq = Seq + 1 };
}

internal sealed record React : WritingCommand
{
    internal const string NoEmoji = "ok";

    public required long Seq { get; init; }

    public required string Emoji { get; init; }

    public required bool Add { get; init; }

    private protected override string Script => $"{(Add ? "reacts" : "takes back")} #{Number} {Emoji} to {Seq} in {In}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).ReactAsync(
        new ReactToMessage { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Seq = Seq, Emoji = Emoji, Add = Add }, CancellationToken.None));

    internal override string Expect(ModelChat model) =>
        Show.Of(model.React(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Seq, Emoji, Emoji != NoEmoji, Add));

    internal override WritingCommand Altered() => this with { Add = !Add };
}
