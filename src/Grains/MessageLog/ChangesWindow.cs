using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// Which rows answer "what changed since": seq rises with rev, so of the last n changes no message lies deeper than n
/// messages below the head, and the message key bounds the scan.
/// </summary>
internal readonly record struct ChangesWindow
{
    /// <summary>The asked-for piece is longer than a page, or lies beyond the log.</summary>
    internal bool Reset { get; private init; }

    /// <summary>There is nothing to read: a reset, or the asker is up to date.</summary>
    internal bool IsEmpty { get; private init; }

    /// <summary>What is asked for would make the answer about many conversations too large.</summary>
    internal static ChangesWindow BeyondBudget { get; } = new() { Reset = true, IsEmpty = true };

    internal long AboveRev { get; private init; }

    internal long AboveSeq { get; private init; }

    internal static ChangesWindow Of(Head head, long sinceRev)
    {
        var since = Math.Max(sinceRev, 0);
        var behind = head.Rev - since;
        var reset = behind is < 0 or > IMessageLog.PageRowsMax;
        return new ChangesWindow { Reset = reset, IsEmpty = reset || behind == 0, AboveRev = since, AboveSeq = head.Seq - behind };
    }
}
