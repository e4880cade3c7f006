using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>What no store is asked to write. Pure; a reason names a field and a bound, never content.</summary>
internal static class AppendValidator
{
    /// <summary>Longest <see cref="ChangeEntry.Kind"/>, in UTF-16 code units.</summary>
    internal const int ChangeKindCharsMax = 64;

    /// <summary>Why the append is refused; null when it may be written.</summary>
    internal static string? Refuse(ConversationAppend append) =>
        RefuseShape(append)
        ?? RefusePlace(append)
        ?? RefuseEntries(append.Entries)
        ?? RefuseMembers(append)
        ?? RefuseAudits(append);

    private static string? RefuseShape(ConversationAppend append)
    {
        if (append.Entries.IsDefaultOrEmpty || append.Entries.Length > IMessageLog.AppendEntriesMax)
        {
            return $"an append has 1 to {IMessageLog.AppendEntriesMax} entries";
        }

        if ((append.Expected is null) != (append.Creation is not null))
        {
            return "Creation is required with, and only with, Expected null";
        }

        if (append.Expected is { } head && (head.Seq < 0 || head.Rev < head.Seq || head.Rev > long.MaxValue - IMessageLog.AppendEntriesMax))
        {
            return "Expected is not a head: 0 ≤ seq ≤ rev";
        }

        return append.Creation is { } creation && !Enum.IsDefined(creation.Kind) ? "the conversation's kind is unknown" : null;
    }

    private static string? RefusePlace(ConversationAppend append)
    {
        if (!IsId(append.TenantId.Value) || !IsId(append.ConversationId.Value))
        {
            return "the tenant's or conversation's id is not valid text";
        }

        if (append.Creation is { } creation && !IsId(creation.CreatedBy.Value))
        {
            return "the creator's id is not valid text";
        }

        return IsText(append.Title) && IsText(append.Creation?.Title) ? null : "the title has U+0000 or a lone surrogate";
    }

    private static string? RefuseEntries(ImmutableArray<LogEntry> entries)
    {
        HashSet<CommandId>? commands = entries.Length > 1 ? new(entries.Length) : null;
        foreach (var entry in entries)
        {
            var reason = entry switch
            {
                MessageEntry message when commands?.Add(new CommandId(message.AuthorId, message.ClientId)) == false =>
                    "two entries have the same author and client id",
                ChangeEntry { CommandId: { } command } when commands?.Add(command) == false => "two entries have the same author and client id",
                MessageEntry message => RefuseMessage(message),
                ChangeEntry change => RefuseChange(change),
                _ => "an entry is of an unknown type",
            };
            if (reason is not null)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? RefuseMessage(MessageEntry message)
    {
        if (!Enum.IsDefined(message.Kind) || (message.Kind == MessageKind.System) != (message.Fact is not null))
        {
            return "a system message, and no other, has a fact";
        }

        if (!IsId(message.AuthorId.Value))
        {
            return "an author's id is not valid text";
        }

        if (message.Text is null || !StoredText.IsValid(message.Text))
        {
            return "a text has U+0000 or a lone surrogate";
        }

        if (!AreMentions(message.Mentions) || message.ReplyTo is < 1)
        {
            return "a mention is not valid text, or the answered seq is not 1 or more";
        }

        return message.Fact is { } fact && !IsFact(fact) ? "a fact's kind is unknown, or it has U+0000 or a lone surrogate" : null;
    }

    private static string? RefuseChange(ChangeEntry change)
    {
        if (string.IsNullOrEmpty(change.Kind) || change.Kind.Length > ChangeKindCharsMax || !StoredText.IsValid(change.Kind))
        {
            return $"a change's kind has 1 to {ChangeKindCharsMax} characters";
        }

        if ((change.Revision is not null || change.Reaction is not null) && change.MessageSeq is not >= 1)
        {
            return "a revision or reaction is about a message with seq ≥ 1";
        }

        if (change.Revision is { } revision
            && (revision.Version < 2 || revision.Text is null || !StoredText.IsValid(revision.Text) || !AreMentions(revision.Mentions)))
        {
            return "a revision has a version ≥ 2 and valid text";
        }

        if (change.Reaction is { } reaction && (!IsId(reaction.UserId.Value) || !IsId(reaction.Emoji)))
        {
            return "a reaction has a person and an emoji";
        }

        if (change.CommandId is { } command && !IsId(command.AuthorId.Value))
        {
            return "an author's id is not valid text";
        }

        return IsJson(change.Payload) ? null : "a change's payload is not JSON, or it has U+0000 or a lone surrogate";
    }

    private static string? RefuseMembers(ConversationAppend append)
    {
        if (append.Begins.IsDefaultOrEmpty && append.Ends.IsDefaultOrEmpty)
        {
            return null;
        }

        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var begin in append.Begins.IsDefault ? [] : append.Begins)
        {
            if (!IsId(begin.UserId.Value) || !users.Add(begin.UserId.Value) || begin.JoinedSeq < 1 || begin.ReadSeq < 0)
            {
                return "a membership begins once per person, with joined seq ≥ 1 and read seq ≥ 0";
            }
        }

        foreach (var end in append.Ends.IsDefault ? [] : append.Ends)
        {
            if (!IsId(end.UserId.Value) || !users.Add(end.UserId.Value) || end.LeftSeq < 1)
            {
                return "a membership ends once per person who does not begin one in the same append, with left seq ≥ 1";
            }
        }

        return null;
    }

    private static string? RefuseAudits(ConversationAppend append) =>
        append.Audits.IsDefaultOrEmpty || append.Audits.All(audit => IsId(audit.ActorId.Value) && IsId(audit.Action) && IsJson(audit.Details))
            ? null
            : "an audit entry has an actor, an action and details in JSON";

    private static bool IsId(string? value) => !string.IsNullOrEmpty(value) && StoredText.IsValid(value);

    private static bool AreMentions(MentionSet? mentions) =>
        mentions is null || mentions.Users.Concat(mentions.Here).All(user => IsId(user.Value));

    private static bool IsText(string? value) => value is null || StoredText.IsValid(value);

    private static bool IsFact(SystemFact fact) =>
        StoredFact.IsKnown(fact.Kind) && IsText(fact.Before) && IsText(fact.After)
        && !fact.Targets.IsDefault && fact.Targets.All(target => IsId(target.Value));

    // One store keeps JSON parsed, the other as text: what only one of them would take (escaped U+0000, escaped lone
    // surrogates, numbers without a finite value) is refused for both.
    private static bool IsJson(string? payload)
    {
        if (payload is null || !StoredText.IsValid(payload))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(payload));
            while (reader.Read())
            {
                var valid = reader.TokenType switch
                {
                    JsonTokenType.String or JsonTokenType.PropertyName => !reader.ValueIsEscaped || StoredText.IsValid(reader.GetString()),
                    JsonTokenType.Number => reader.TryGetDouble(out var number) && double.IsFinite(number),
                    _ => true,
                };
                if (!valid)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
