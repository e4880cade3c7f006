using System.Collections.Immutable;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>An append with its arithmetic done: which seq and rev each entry takes if its head still stands.</summary>
internal sealed class AppendPlan
{
    private AppendPlan(ConversationAppend append)
    {
        Append = append;
        var head = append.Expected ?? new Head { Rev = 0, Seq = 0 };
        var (rev, seq) = (head.Rev, head.Seq);
        foreach (var entry in append.Entries)
        {
            rev++;
            switch (entry)
            {
                case MessageEntry message:
                    Messages.Add(new PlannedMessage(message, ++seq, rev));
                    break;
                case ChangeEntry change:
                    Changes.Add(new PlannedChange(change, seq, rev));
                    break;
                default:
                    throw new InvalidOperationException("An entry of an unknown type passed validation.");
            }
        }

        NewHead = new Head { Rev = rev, Seq = seq };
        LastCountable = append.LastCountable
            ?? (Messages.FindLast(static message => message.Entry.Kind == MessageKind.Text) is { } last ? (last.Seq, last.Entry.At) : null);
        var fact = Messages.FindLast(static message => message.Entry.Kind == MessageKind.System);
        MembersRev = fact?.Rev ?? head.Rev + 1;
        MembersChange = append.Expected is null || Begins.Length + Ends.Length > 0;
    }

    internal ConversationAppend Append { get; }

    internal List<PlannedMessage> Messages { get; } = [];

    internal List<PlannedChange> Changes { get; } = [];

    internal Head NewHead { get; }

    /// <summary>The last message that counts for the chat list from now on; null leaves the one there is.</summary>
    internal (long Seq, DateTimeOffset At)? LastCountable { get; }

    internal bool MembersChange { get; }

    /// <summary>The rev of the membership change, if there is one: of the last fact, else of the first entry.</summary>
    internal long MembersRev { get; }

    internal ImmutableArray<MembershipBegin> Begins => Append.Begins.IsDefault ? [] : Append.Begins;

    internal ImmutableArray<MembershipEnd> Ends => Append.Ends.IsDefault ? [] : Append.Ends;

    internal ImmutableArray<AuditEntry> Audits => Append.Audits.IsDefault ? [] : Append.Audits;

    internal int Rows => Append.Entries.Length;

    /// <summary>The title that the append leaves behind; null keeps the one there is.</summary>
    internal string? Title => Append.Title ?? Append.Creation?.Title;

    internal static AppendPlan Of(ConversationAppend append) => new(append);
}

internal sealed record PlannedMessage(MessageEntry Entry, long Seq, long Rev)
{
    internal ContentHash Hash { get; } = ContentHash.Of(Entry);

    internal string? Fact { get; } = StoredFact.Write(Entry.Fact);

    internal string? Mentions { get; } = StoredMentions.Write(Entry.Mentions);
}

internal sealed record PlannedChange(ChangeEntry Entry, long Seq, long Rev);
