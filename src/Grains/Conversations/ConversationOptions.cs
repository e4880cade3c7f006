using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Grains.Conversations;

/// <summary>Bounds of conversations (section <c>Conversations</c>).</summary>
public sealed class ConversationOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Conversations";

    /// <summary>Longest text in Unicode scalars (rule M6).</summary>
    [Range(1, 100_000)]
    public int TextScalarsMax { get; set; } = 10_000;

    /// <summary>Longest text in bytes of UTF-8 (rule M6).</summary>
    [Range(1, 400_000)]
    public int TextBytesMax { get; set; } = 40_000;

    /// <summary>Longest group name in Unicode scalars (rule C5).</summary>
    [Range(1, 1_000)]
    public int TitleScalarsMax { get; set; } = 64;

    /// <summary>Most members of a group (rule C6).</summary>
    [Range(2, 100_000)]
    public int MembersMax { get; set; } = 10_000;

    /// <summary>Most people that one message mentions by name.</summary>
    [Range(0, 1_000)]
    public int MentionsMax { get; set; } = 50;

    /// <summary>Members of a group in which anybody may use @all and @here; in larger ones it needs the permission (rules C6, N3).</summary>
    [Range(1, 100_000)]
    public int WideMentionFreeMax { get; set; } = 15;

    /// <summary>People that @all or @here reaches without being asked back (rule N3).</summary>
    [Range(0, 100_000)]
    public int WideMentionUnconfirmedMax { get; set; } = 5;

    /// <summary>
    /// People that @here may reach: they are listed in every copy of the message, which must find room in a session's queue
    /// whatever their ids look like. More are asked to be told by @all.
    /// </summary>
    [Range(1, 10_000)]
    public int HereMax { get; set; } = 500;

    /// <summary>Most different emoji among the reactions to one message.</summary>
    [Range(1, 1_000)]
    public int ReactionsMax { get; set; } = 50;

    /// <summary>Posts that may wait for one conversation's next append; more are refused as overloaded.</summary>
    [Range(1, 100_000)]
    public int WaitingPostsMax { get; set; } = 1_000;

    /// <summary>Posts that go into one append.</summary>
    [Range(1, MessageLog.IMessageLog.AppendEntriesMax)]
    public int AppendPostsMax { get; set; } = 64;

    /// <summary>Commands that an activation remembers to answer repetitions without asking the store.</summary>
    [Range(0, 100_000)]
    public int RememberedCommandsMax { get; set; } = 256;

    /// <summary>In larger conversations nobody sees who types (rule T4).</summary>
    [Range(1, 10_000)]
    public int TypingMembersMax { get; set; } = 100;

    /// <summary>How often one person may tell one conversation of typing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:10")]
    public TimeSpan TypingInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Streams per tenant that message events are spread over.</summary>
    [Range(1, 1_024)]
    public int StreamShards { get; set; } = 1;
}
