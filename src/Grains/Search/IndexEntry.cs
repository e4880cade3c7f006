using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Search;

/// <summary>A message to be indexed, or taken out of the index.</summary>
internal sealed record IndexEntry
{
    internal required TenantId TenantId { get; init; }

    internal required ConversationId ConversationId { get; init; }

    internal required long Seq { get; init; }

    internal required DateTimeOffset Time { get; init; }

    /// <summary>Its terms; null when nothing of it is to be found: a system message, or deleted.</summary>
    internal required string? Terms { get; init; }

    /// <summary>The entry of a message as it is stored; its mentions as <see cref="StoredMentions"/> writes them.</summary>
    internal static IndexEntry Of(
        ConversationKey key, long seq, UserId author, DateTimeOffset time, string text, bool findable, string? mentions) => new()
    {
        TenantId = key.TenantId,
        ConversationId = key.ConversationId,
        Seq = seq,
        Time = time,
        Terms = findable ? new IndexTerms(key.TenantId).Document(WithMentions(key, author, text, mentions)) : null,
    };

    private static IndexedMessage WithMentions(ConversationKey key, UserId author, string text, string? mentions)
    {
        var message = new IndexedMessage { ConversationId = key.ConversationId, AuthorId = author, Text = text };
        return StoredMentions.Read(mentions) is { } named
            ? message with { Mentioned = [.. named.Users, .. named.Here], MentionsAll = named.All }
            : message;
    }
}
