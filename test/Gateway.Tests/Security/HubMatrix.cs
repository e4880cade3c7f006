namespace OrleansChat.Gateway.Tests.Security;

/// <summary>What a call names that may be somebody else's.</summary>
internal sealed record Target(string Conversation, string Person, long Seq)
{
    /// <summary>New with every call, unless a test repeats one.</summary>
    internal Guid ClientId { get; init; } = Guid.NewGuid();
}

/// <summary>How a hub method is called, and what its callers get: an error code, or null for an answer.</summary>
/// <param name="Request">The method's object.</param>
internal sealed record HubRow(Func<Target, object> Request)
{
    /// <summary>A member's answer.</summary>
    internal string? Member { get; init; }

    /// <summary>The answer to a member whose role has <c>chat.use</c> and nothing else.</summary>
    internal string? UseOnly { get; init; }

    /// <summary>The answer to whoever is no member: never was, was removed, is of another tenant.</summary>
    internal string? Outsider { get; init; } = "notFound";

    /// <summary>Names nothing that could be somebody else's: what is answered differs from caller to caller.</summary>
    internal bool IsOwn { get; init; }

    /// <summary>The message that it names to a member is one that mentions the caller; else the caller's own.</summary>
    internal bool IsOfAMention { get; init; }

    /// <summary>A member's answer when the person named is nobody of the tenant.</summary>
    internal string? UnknownPerson { get; init; }
}

/// <summary>Every hub method; a method without a row fails the matrix.</summary>
internal static class HubMatrix
{
    internal static readonly IReadOnlyDictionary<string, HubRow> Rows = new Dictionary<string, HubRow>(StringComparer.Ordinal)
    {
        ["Post"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, text = "hi", replyTo = of.Seq, lastSeenSeq = of.Seq }),
        ["Edit"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, seq = of.Seq, version = 1, text = "hi" }),
        ["Delete"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, seq = of.Seq }),
        ["React"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, seq = of.Seq, emoji = "👍", add = true }),
        ["Versions"] = new(of => new { conversationId = of.Conversation, seq = of.Seq }),
        ["CreateGroup"] = new(of => new { clientId = of.ClientId, title = "New", members = (string[])[of.Person] })
        {
            UseOnly = "forbidden", Outsider = null, UnknownPerson = "unknownMember",
        },
        ["AddMembers"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, members = (string[])[of.Person] })
        {
            UseOnly = "forbidden", UnknownPerson = "unknownMember",
        },
        ["RemoveMember"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, member = of.Person }) { UseOnly = "forbidden" },
        ["Leave"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId }),
        ["Rename"] = new(of => new { conversationId = of.Conversation, clientId = of.ClientId, title = "New" }) { UseOnly = "forbidden" },
        ["Members"] = new(of => new { conversationId = of.Conversation, after = of.Person }),
        ["People"] = new(of => new { users = (string[])[of.Person] }) { Outsider = null },
        ["History"] = new(of => new { conversationId = of.Conversation, anchor = "around", seq = of.Seq }),
        ["ListConversations"] = new(_ => new { }) { Outsider = null, IsOwn = true },
        ["Sync"] = new(of => new { conversations = new[] { new { id = of.Conversation, rev = of.Seq } } }) { Outsider = null },
        ["MarkRead"] = new(of => new { conversationId = of.Conversation, upToSeq = of.Seq }),
        ["FindPeople"] = new(of => new { text = of.Person }) { Outsider = null },
        ["Activity"] = new(_ => new { }) { Outsider = null, IsOwn = true },
        ["Watch"] = new(of => new { users = (string[])[of.Person] }) { Outsider = null },
        ["SetStatus"] = new(_ => new { status = "auto" }) { Outsider = null, IsOwn = true },
        ["SetPreferences"] = new(_ => new { showTyping = true }) { Outsider = null, IsOwn = true },
        ["View"] = new(of => new { conversationIds = (string[])[of.Conversation] }) { Outsider = null },
        ["Typing"] = new(of => new { conversationId = of.Conversation, typing = true }),
        ["Search"] = new(of => new { query = Office.Canary + " in:" + of.Conversation }) { Outsider = null },
        ["MarkUnread"] = new(of => new { conversationId = of.Conversation, fromSeq = of.Seq }),
        ["MarkAllRead"] = new(_ => new { }) { Outsider = null, IsOwn = true },
        ["UndoMarkAllRead"] = new(of => new { undo = of.ClientId }) { Member = "undoExpired", UseOnly = "undoExpired", Outsider = "undoExpired" },
        ["SetNotifications"] = new(of => new { conversationId = of.Conversation, level = "all" }),
        ["Mentions"] = new(_ => new { }) { Outsider = null, IsOwn = true },
        ["MarkMentionDone"] = new(of => new { conversationId = of.Conversation, seq = of.Seq, done = true }) { IsOfAMention = true },
        ["FindConversations"] = new(_ => new { text = Office.Canary }) { Outsider = null, IsOwn = true },
        ["FindMentionable"] = new(of => new { conversationId = of.Conversation, text = of.Person }),
        ["WhyNotified"] = new(of => new { conversationId = of.Conversation, seq = of.Seq }) { IsOfAMention = true },
        ["ReportNotifications"] = new(of => new
        {
            device = "desk", items = new[] { new { conversationId = of.Conversation, seq = of.Seq, outcome = "shown", at = "2026-01-01T00:00:00Z" } },
        })
        {
            Outsider = null,
        },
        ["NotifyNow"] = new(of => new { conversationId = of.Conversation, seq = of.Seq }),
        ["SaveDraft"] = new(of => new { conversationId = of.Conversation, text = "not yet", replyTo = of.Seq, version = 0 }),
        ["Drafts"] = new(_ => new { }) { Outsider = null, IsOwn = true },
    };
}
