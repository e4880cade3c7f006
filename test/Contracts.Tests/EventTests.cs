using System.Reflection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Testing;

namespace OrleansChat.Contracts.Tests;

/// <summary>Every event says whether it is a change of a conversation, and of which kind; the model test proves each of these.</summary>
public sealed class EventTests
{
    /// <summary>Events that tell the log of a conversation.</summary>
    private static readonly Dictionary<string, ChangeKind> OfTheLog = new(StringComparer.Ordinal)
    {
        [EventNames.MessagePosted] = ChangeKind.Posted,
        [EventNames.MessageEdited] = ChangeKind.Edited,
        [EventNames.MessageDeleted] = ChangeKind.Deleted,
        [EventNames.ReactionChanged] = ChangeKind.Reacted,
        [EventNames.Changed] = ChangeKind.Unknown,
    };

    /// <summary>Events about somebody's own row of a conversation (the model test's signals), about people and about sessions.</summary>
    private static readonly HashSet<string> OfOthers =
    [
        EventNames.ReadCursorMoved, EventNames.NotificationsChanged, EventNames.MentionMarked, EventNames.NotifyNow, EventNames.DraftChanged,
        EventNames.Welcome, EventNames.Presence, EventNames.Typing, EventNames.Resync, EventNames.PermissionsChanged, EventNames.Closing,
    ];

    [Fact]
    [Rule("M14")]
    public void Events_EveryName_IsAKindOfChangeOrNone() =>
        typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)
            .ShouldBe(OfTheLog.Keys.Concat(OfOthers), ignoreOrder: true);

    [Fact]
    [Rule("M14")]
    public void Changes_EveryKind_HasItsEvent() => OfTheLog.Values.ShouldBe(Enum.GetValues<ChangeKind>(), ignoreOrder: true);
}
