using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Model.Tests.Model;

/// <summary>A message and everything that became of it.</summary>
internal sealed class ModelMessage
{
    internal required long Seq { get; init; }

    internal required long Rev { get; init; }

    internal required UserId Author { get; init; }

    internal required Guid ClientId { get; init; }

    internal required DateTimeOffset Time { get; init; }

    internal SystemFact? Fact { get; init; }

    internal long? ReplyTo { get; init; }

    /// <summary>Every text that it had, the first first, and when it was written; none for a fact.</summary>
    internal List<(string Text, DateTimeOffset Time)> Texts { get; } = [];

    internal MentionSet? Mentions { get; set; }

    internal DateTimeOffset? DeletedAt { get; set; }

    /// <summary>In the order of reacting.</summary>
    internal List<(string Emoji, UserId User)> Reactions { get; } = [];

    internal bool IsText => Fact is null;

    /// <summary>Counts for the list: somebody's words that are still there.</summary>
    internal bool Counts => IsText && DeletedAt is null;

    internal string Text => Counts ? Texts[^1].Text : string.Empty;

    internal int Version => IsText ? Texts.Count + (DeletedAt is null ? 0 : 1) : 1;

    internal DateTimeOffset? EditedAt => Texts.Count > 1 ? Texts[^1].Time : null;

    /// <summary>As a member reads it.</summary>
    internal Message SeenBy(UserId viewer, ModelMessage? answered) => Bare(Text) with
    {
        ReplyTo = answered is null ? null : QuoteOf(answered),
        Reactions =
        [
            .. Reactions.GroupBy(reaction => reaction.Emoji).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new Reaction
            {
                Emoji = group.Key,
                Count = group.Count(),
                Users = [.. group.Take(Bounds.ReactorsMax).Select(reaction => reaction.User)],
                Mine = group.Any(reaction => reaction.User == viewer),
            }),
        ],
    };

    /// <summary>As the chat list shows it.</summary>
    internal Message Preview() => Bare(Cut(Text));

    internal static string Cut(string text) => string.Concat(text.EnumerateRunes().Take(Bounds.PreviewScalarsMax).Select(rune => rune.ToString()));

    private Message Bare(string text) => new()
    {
        Seq = Seq,
        Rev = Rev,
        Kind = IsText ? MessageKind.Text : MessageKind.System,
        AuthorId = Author,
        AuthorName = Cast.NameOf(Author),
        ClientId = ClientId,
        Text = text,
        Time = Time,
        Fact = Fact,
        Version = Version,
        EditedAt = EditedAt,
        DeletedAt = DeletedAt,
        Mentions = Mentions,
    };

    private static MessageQuote QuoteOf(ModelMessage answered) => new()
    {
        Seq = answered.Seq,
        AuthorId = answered.Author,
        AuthorName = Cast.NameOf(answered.Author),
        Text = Cut(answered.Text),
        Deleted = answered.DeletedAt is not null,
    };
}
