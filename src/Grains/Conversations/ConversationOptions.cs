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

    /// <summary>Posts that may wait for one conversation's next append; more are refused as overloaded.</summary>
    [Range(1, 100_000)]
    public int WaitingPostsMax { get; set; } = 1_000;

    /// <summary>Posts that go into one append.</summary>
    [Range(1, MessageLog.IMessageLog.AppendEntriesMax)]
    public int AppendPostsMax { get; set; } = 64;

    /// <summary>Commands that an activation remembers to answer repetitions without asking the store.</summary>
    [Range(0, 100_000)]
    public int RememberedCommandsMax { get; set; } = 256;

    /// <summary>Streams per tenant that message events are spread over.</summary>
    [Range(1, 1_024)]
    public int StreamShards { get; set; } = 1;
}
