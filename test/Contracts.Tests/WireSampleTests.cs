using System.Text;
using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Contracts.Tests;

/// <summary>One of each event and answer, as it stands on the wire.</summary>
public sealed class WireSampleTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 21, 18, 0, 7, TimeSpan.FromHours(1));

    private static readonly WireMessage Text = new()
    {
        Seq = 1,
        Rev = 2,
        Kind = "text",
        Author = new WireAuthor { UserId = "ann", Name = "Ann <Bauer> & \"Müller\"" },
        ClientId = Guid.Parse("018f0000-0000-7000-8000-00000000000a"),
        Text = "hi 😀 é\n<b>",
        Time = Time,
        Version = 1,
    };

    private static readonly WireMessage Renamed = Text with
    {
        Seq = 2,
        Rev = 3,
        Kind = "system",
        Text = string.Empty,
        Fact = new WireFact { Kind = "renamed", Targets = [], Before = "Standup", After = "Daily" },
    };

    private static readonly WireMentions Mentions = new() { Users = ["bob"], All = true, Here = ["cleo"] };

    private static readonly WireMessage Answering = Text with
    {
        Seq = 3,
        Rev = 4,
        Version = 2,
        EditedAt = Time,
        Text = "<@bob> <!all> <!here>",
        Mentions = Mentions,
        ReplyTo = new WireQuote { Seq = 1, Author = Text.Author, Text = "hi", Deleted = false },
        Reactions = [new WireReaction { Emoji = "👍🏽", Count = 2, Users = ["bob", "ann"], Mine = true }],
    };

    private static readonly WireMessage Tombstone = Text with { Version = 2, Text = string.Empty, DeletedAt = Time };

    private static readonly WireRevision Revision = new()
    {
        Seq = 3, AuthorId = "ann", Version = 2, Text = "<@bob>", EditedAt = Time, PostedAt = Time, MentionsBefore = Mentions, Mentions = Mentions with { All = false, Here = [] },
    };

    private static readonly WireDeletion Deletion = new()
    {
        Seq = 3, AuthorId = "ann", DeletedAt = Time, PostedAt = Time, MentionsBefore = Mentions, LastMessage = Text, LastActivity = Time,
    };

    private static readonly WireReactionChange ReactionChange = new() { Seq = 1, UserId = "bob", Emoji = "👍🏽", Added = true, Count = 1, Users = ["bob"] };

    private static readonly WireMember Member = new() { UserId = "bob", Name = "Bob", Role = "owner", Active = true };

    private static readonly WireUnread Unread = new() { ReadSeq = 1, Unread = 2, Mentions = 1, Rev = 3, ReadVersion = 4 };

    private static readonly WireConversation Group = new()
    {
        Id = "c/018f000000007000800000000000000a",
        Kind = "group",
        Title = "Daily",
        Head = new WireHead { Rev = 3, Seq = 2 },
        LastActivity = Time,
        LastMessage = Text,
        Unread = Unread,
        Level = "default",
    };

    private static readonly WirePerson Ann = new() { UserId = "ann", Name = "Ann", Role = "agent" };

    private static readonly WirePersonPresence Online = new() { UserId = "bob", State = "online", AsOf = Time };

    private static readonly WirePersonPresence LastSeen = new() { UserId = "cleo", State = "offline", AsOf = Time, LastSeen = Time.AddHours(-2) };

    private static readonly WireDraft Draft = new() { ConversationId = Group.Id, Version = 3, Text = "hi 😀 <@bob>", ReplyTo = 1, Time = Time };

    private static readonly WireDraft NoDraft = new() { ConversationId = Group.Id, Version = 4, Text = string.Empty };

    private static readonly Dictionary<string, object> Events = new()
    {
        [EventNames.Welcome] = new WelcomeEvent
        {
            Protocol = 1,
            Tenant = "acme",
            User = Ann,
            Me = new WireMe { Status = "dnd", Until = Time, ShowTyping = true },
            Permissions = ["chat.use", "chat.dm.reply"],
            Limits = new WireLimits { TextScalarsMax = 10_000, TextBytesMax = 40_000, PageMax = 200 },
        },
        [EventNames.MessagePosted] = new MessagePostedEvent { ConversationId = Group.Id, Rev = 3, Message = Renamed },
        [EventNames.MessageEdited] = new MessageEditedEvent { ConversationId = Group.Id, Rev = 5, Edited = Revision },
        [EventNames.MessageDeleted] = new MessageDeletedEvent { ConversationId = Group.Id, Rev = 6, Deleted = Deletion },
        [EventNames.ReactionChanged] = new ReactionChangedEvent { ConversationId = Group.Id, Rev = 7, Reacted = ReactionChange },
        [EventNames.Changed] = new ChangedEvent { ConversationId = Group.Id, Rev = 4 },
        [EventNames.ReadCursorMoved] = new ReadCursorMovedEvent { ConversationId = Group.Id, Unread = Unread },
        [EventNames.Presence] = new PresenceEvent { Changes = [Online, LastSeen] },
        [EventNames.Typing] = new TypingEvent { ConversationId = Group.Id, UserId = "ann", Typing = true },
        [EventNames.NotificationsChanged] = new NotificationsChangedEvent
        {
            ConversationId = Group.Id, Level = "nothing", Unread = Unread with { MutedFrom = Time, MutedUntil = Time },
        },
        [EventNames.MentionMarked] = new MentionMarkedEvent { ConversationId = Group.Id, Seq = 3, Done = true },
        [EventNames.NotifyNow] = new NotifyNowEvent { ConversationId = Group.Id, Seq = 3, AuthorId = "ann" },
        [EventNames.DraftChanged] = new DraftChangedEvent { ConversationId = Group.Id, Draft = Draft },
        [EventNames.Resync] = new ResyncEvent(),
        [EventNames.PermissionsChanged] = new PermissionsChangedEvent { Permissions = ["chat.use"], Role = "supervisor" },
        [EventNames.Closing] = new ClosingEvent { Code = (int)ClosingCode.ShuttingDown, Reconnect = true, RetryAfterMs = 1_500 },
    };

    private static readonly Dictionary<string, Answer> Answered = new()
    {
        ["Post"] = new PostAnswer { Seq = 1, Rev = 2, Time = Time, Duplicate = false },
        ["Post to strangers"] = new PostAnswer { Seq = 1, Rev = 2, Time = Time, Duplicate = false, NotMembers = ["eve"] },
        ["Edit"] = new EditAnswer { Rev = 5, Time = Time, Duplicate = false },
        ["Delete"] = new ChangeAnswer { Rev = 6, Time = Time, Duplicate = true },
        ["Versions"] = new VersionsAnswer { Versions = [new WireVersion { Version = 1, Text = "hi", Time = Time }] },
        ["CreateGroup"] = new CreateGroupAnswer { ConversationId = Group.Id, Head = Group.Head },
        ["Members"] = new MembersAnswer { Members = [Member], Count = 2, Next = "bob" },
        ["People"] = new PeopleAnswer { People = [Member with { Active = false }] },
        ["History"] = new HistoryAnswer { Messages = [Text, Renamed, Answering, Tombstone], Head = Group.Head, ReadSeq = 1 },
        ["ListConversations"] = new ListConversationsAnswer
        {
            Conversations = [Group, Group with { Id = "dm/ann~bob", Kind = "direct", Title = null, Peer = new WireAuthor { UserId = "bob", Name = "Bob" }, LastMessage = null }],
            Next = "MiAwIGRtL2Fubn5ib2I",
        },
        ["Sync"] = new SyncAnswer
        {
            Conversations =
            [
                new WireSyncedConversation
                {
                    Id = Group.Id,
                    Status = "changes",
                    Conversation = Group,
                    Changes = [new WireChange { Type = EventNames.MessagePosted, Rev = 2, Message = Text }, new WireChange { Type = EventNames.Changed, Rev = 3 },
                        new WireChange { Type = EventNames.MessageEdited, Rev = 5, Edited = Revision }, new WireChange { Type = EventNames.MessageDeleted, Rev = 6, Deleted = Deletion },
                        new WireChange { Type = EventNames.ReactionChanged, Rev = 7, Reacted = ReactionChange }],
                },
                new WireSyncedConversation { Id = "dm/ann~eve", Status = "gone" },
            ],
        },
        ["MarkRead"] = new MarkReadAnswer { Unread = Unread },
        ["FindPeople"] = new FindPeopleAnswer { People = [new WireFoundPerson { UserId = "bob", Name = "Bob", Role = "owner", ConversationId = "dm/ann~bob", Restricted = false }] },
        ["Activity"] = new ActivityAnswer(),
        ["Watch"] = new WatchAnswer { Presence = [Online, LastSeen, Online with { State = "dnd", Until = Time }] },
        ["SetStatus"] = new SetStatusAnswer { Me = new WireMe { Status = "dnd", Until = Time, ShowTyping = true } },
        ["SetPreferences"] = new SetPreferencesAnswer { Me = new WireMe { Status = "auto", ShowTyping = false } },
        ["View"] = new ViewAnswer(),
        ["Typing"] = new TypingAnswer(),
        ["Search"] = new SearchAnswer { Messages = [new WireFoundMessage { ConversationId = Group.Id, Kind = "group", Title = "Daily", Message = Text }], Next = "AAABAAAAAAA" },
        ["MarkAllRead"] = new MarkAllReadAnswer { Conversations = 2, Undo = Guid.Parse("018f0000-0000-7000-8000-00000000000b") },
        ["MarkAllRead of nothing"] = new MarkAllReadAnswer { Conversations = 0 },
        ["UndoMarkAllRead"] = new UndoMarkAllReadAnswer { Conversations = 2 },
        ["SetNotifications"] = new SetNotificationsAnswer { Level = "mentions", Unread = Unread with { MutedFrom = Time } },
        ["Mentions"] = new MentionsAnswer
        {
            Mentions = [new WireMention { ConversationId = Group.Id, Kind = "group", Title = "Daily", Message = Answering, Unread = true, Done = false }],
            Next = "NjM4 MyBjLzAx",
        },
        ["MarkMentionDone"] = new DoneAnswer(),
        ["FindConversations"] = new FindConversationsAnswer { Conversations = [new WireFoundConversation { Conversation = Group, FormerTitle = "Standup" }] },
        ["FindMentionable"] = new FindMentionableAnswer { People = [Ann] },
        ["WhyNotified"] = new WhyNotifiedAnswer
        {
            Notified = true, Reason = "mention", Devices = [new WireDeviceOutcome { Device = "desk", Outcome = "heldByFocus", At = Time }],
        },
        ["NotifyNow"] = new NotifyNowAnswer { Notified = ["bob"], TooSoon = ["cleo"] },
        ["SaveDraft"] = new SaveDraftAnswer { Draft = Draft },
        ["SaveDraft of no text"] = new SaveDraftAnswer { Draft = NoDraft },
        ["Drafts"] = new DraftsAnswer { Drafts = [Draft with { ReplyTo = null }] },
        ["refused"] = Answers.Refused(ErrorCodes.RateLimited, "Too many calls.", TimeSpan.FromMilliseconds(199.2)),
        ["refused as stale"] = Answers.Refused(CommandRefusal.VersionStale, new CommandResult { Version = 2 }),
        ["refused as a stale draft"] = Answers.Stale(new Draft { ConversationId = new ConversationId { Value = Group.Id }, Version = 3, Text = "hi", ReplyTo = 1, SavedAt = Time }),
        ["refused unconfirmed"] = Answers.Refused(CommandRefusal.ConfirmationNeeded, new CommandResult { Recipients = 6 }),
        ["refused for good"] = Answers.NotFound(),
    };

    [Fact]
    public void Events_OnTheWire_AreTheFrozenOnes()
    {
        Events.Keys.Order(StringComparer.Ordinal).ShouldBe(
            typeof(EventNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal), "each event has a sample");
        var text = new StringBuilder();
        foreach (var (name, payload) in Events)
        {
            var frame = Encoding.UTF8.GetString(Frame.Of(name, payload).Bytes.Span);
            frame.ShouldEndWith("\u001e");
            text.Append(frame.TrimEnd('\u001e')).Append('\n');
        }

        Repository.ShouldBeGolden(text.ToString(), "wire-events.jsonl");
    }

    [Fact]
    public void Answers_OnTheWire_AreTheFrozenOnes()
    {
        var text = new StringBuilder();
        foreach (var (name, answer) in Answered)
        {
            text.Append($"{name}: {JsonSerializer.Serialize(answer, answer.GetType(), WireJson.Options)}\n");
        }

        Repository.ShouldBeGolden(text.ToString(), "wire-answers.txt");
    }

    [Fact]
    public void Frames_OfSeveralEvents_AreTheEventsOneAfterTheOther()
    {
        var (one, other) = (Frame.Of(EventNames.Resync, new ResyncEvent()), Frame.Of(EventNames.Changed, Events[EventNames.Changed]));
        var together = Frame.Of([(EventNames.Resync, new ResyncEvent()), (EventNames.Changed, Events[EventNames.Changed])]);
        together.Bytes.ToArray().ShouldBe([.. one.Bytes.ToArray(), .. other.Bytes.ToArray()]);
    }
}
