using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Client;

/// <summary>Answers as text: what is the same reads the same.</summary>
internal static class Show
{
    internal static string Of(CommandResult result) =>
        result.Refusal is { } refusal
            ? $"refused {refusal} version {result.Version} recipients {result.Recipients}"
            : $"seq {result.Seq} rev {result.Rev} at {Of(result.Time)}{(result.Duplicate ? " again" : "")} version {result.Version} not members [{string.Join(',', result.NotMembers)}]";

    internal static string Of(CreateGroupResult result) => result.Refusal is { } refusal ? $"refused {refusal}" : $"created {result.Head}";

    internal static string Of(Message? message) => message is null ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"{message.Seq}/{message.Rev} {message.Kind} {message.AuthorId} '{message.AuthorName}' {(message.Fact?.Kind == SystemFactKind.RetentionChanged ? Guid.Empty : message.ClientId)} v{message.Version} '{message.Text}' at {Of(message.Time)} edited {Of(message.EditedAt)} deleted {Of(message.DeletedAt)} fact {Of(message.Fact)} mentions {Of(message.Mentions)} answers {message.ReplyTo} reactions {string.Join(' ', message.Reactions.Select(Of))}");

    internal static string Of(InboxRow? row) => row is null ? "none"
        : $"{row.ConversationId} {row.Kind} '{row.Title}' {row.PeerId} '{row.PeerName}' {row.Head} active {Of(row.LastActivity)} {row.Level} {Of(row.Basis)} last {Of(row.LastMessage)}";

    internal static string Of(ConversationId id, string? title, Message message, bool unread, bool done) =>
        $"{id} '{title}'{(unread ? " unread" : "")}{(done ? " done" : "")} {Of(message)}";

    internal static string Of(SaveDraftResult result) =>
        $"{(result.Refusal is { } refusal ? $"refused {refusal}" : "saved")} {(result.Draft is { } draft ? Of(draft) : "")}";

    internal static string Drafts(IEnumerable<Draft> drafts) => string.Concat(drafts.Select(draft => "\n  " + Of(draft)));

    internal static string Rows(IEnumerable<InboxRow> rows) => string.Concat(rows.Select(row => "\n  " + Of(row)));

    internal static string Of(UnreadBasis? basis) => basis is null ? "none"
        : $"read {basis.ReadSeq} unread {basis.Unread} mentions {basis.Mentions} rev {basis.Rev} muted {Of(basis.MutedFrom)}–{Of(basis.MutedUntil)}";

    internal static string Of(HistoryPage page) => !page.Found ? "not found"
        : $"{page.Head} read {page.ReadSeq}{string.Concat(page.Messages.Select(message => "\n  " + Of(message)))}";

    internal static string Of(VersionsPage page) => !page.Found ? "not found"
        : string.Join(" | ", page.Versions.Select(version => $"{version.Version} '{version.Text}' {Of(version.Time)}"));

    internal static string Of(MembersPage page) => !page.Found ? "not found" : $"{page.Count}: {string.Join(", ", page.Members.Select(Of))}";

    internal static string Of(Person person) => $"{person.UserId} '{person.Name}' {person.Role} {person.Active}";

    /// <summary>Whether two messages are the same to a reader. What is no command of a client has an id that the server made up. Of a tombstone the version says nothing: nobody can edit it.</summary>
    internal static bool Same(Message? one, Message? other) => ReferenceEquals(one, other) || (one is not null && other is not null
        && one.Seq == other.Seq && one.Rev == other.Rev && one.Kind == other.Kind && one.AuthorId == other.AuthorId && one.AuthorName == other.AuthorName
        && (one.ClientId == other.ClientId || one.Fact?.Kind == SystemFactKind.RetentionChanged) && one.Text == other.Text && one.Time == other.Time && one.EditedAt == other.EditedAt && one.DeletedAt == other.DeletedAt
        && (one.Version == other.Version || one.DeletedAt is not null)
        && Equals(one.Mentions, other.Mentions) && Equals(one.ReplyTo, other.ReplyTo) && Same(one.Fact, other.Fact) && one.Reactions.SequenceEqual(other.Reactions));

    private static bool Same(SystemFact? one, SystemFact? other) => one is null || other is null
        ? ReferenceEquals(one, other)
        : one.Kind == other.Kind && one.Before == other.Before && one.After == other.After && one.Targets.SequenceEqual(other.Targets);

    private static string Of(Draft draft) => $"{draft.ConversationId} v{draft.Version} '{draft.Text}' answering {draft.ReplyTo} at {Of(draft.SavedAt)}";

    private static string Of(DateTimeOffset? time) => time?.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "never";

    private static string Of(SystemFact? fact) => fact is null ? "none" : $"{fact.Kind} {string.Join(',', fact.Targets)} '{fact.Before}'→'{fact.After}'";

    private static string Of(MentionSet? mentions) =>
        mentions is null ? "none" : $"[{string.Join(',', mentions.Users)}]{(mentions.All ? " all" : "")} here [{string.Join(',', mentions.Here)}]";

    private static string Of(Reaction reaction) => $"{reaction.Emoji}{reaction.Count}[{string.Join(',', reaction.Users)}]{(reaction.Mine ? "mine" : "")}";
}
