using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>How wire types become JSON; the same options for answers (by SignalR) and events (by <see cref="Frame"/>).</summary>
internal static class WireJson
{
    /// <summary>Nesting that every answer and event keeps to, whatever is allowed to clients.</summary>
    internal const int WrittenDepthMax = 12;

    /// <summary>Those of events.</summary>
    internal static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(), WrittenDepthMax);

    /// <param name="options">What becomes like that.</param>
    /// <param name="depthMax">Deepest nesting of what clients send; at least <see cref="WrittenDepthMax"/>, because it holds for answers too.</param>
    internal static JsonSerializerOptions Configure(JsonSerializerOptions options, int depthMax)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = depthMax;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        // The page never puts JSON into HTML, so only what JSON itself demands is escaped (and what lies beyond the BMP).
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Insert(0, new TimeConverter());
        options.TypeInfoResolverChain.Insert(0, WireJsonContext.Default);
        return options;
    }

    /// <summary>ISO 8601, UTC, milliseconds.</summary>
    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<char> text = stackalloc char[24];
            value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}

[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(NotSignedIn))]
[JsonSerializable(typeof(DevelopmentSignIn))]
[JsonSerializable(typeof(WirePerson[]))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(PutPeopleRequest))]
[JsonSerializable(typeof(PutPeopleAnswer))]
[JsonSerializable(typeof(PeoplePageAnswer))]
[JsonSerializable(typeof(HttpRefusal))]
[JsonSerializable(typeof(AuditPageAnswer))]
[JsonSerializable(typeof(OpenReadingRequest))]
[JsonSerializable(typeof(OpenReadingAnswer))]
[JsonSerializable(typeof(ReadingPageAnswer))]
[JsonSerializable(typeof(ConversationRetentionBody))]
[JsonSerializable(typeof(RetentionPreviewAnswer))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(PostRequest))]
[JsonSerializable(typeof(PostAnswer))]
[JsonSerializable(typeof(HistoryRequest))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(ListConversationsRequest))]
[JsonSerializable(typeof(ListConversationsAnswer))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(SyncAnswer))]
[JsonSerializable(typeof(MarkReadRequest))]
[JsonSerializable(typeof(MarkReadAnswer))]
[JsonSerializable(typeof(FindPeopleRequest))]
[JsonSerializable(typeof(FindPeopleAnswer))]
[JsonSerializable(typeof(EditRequest))]
[JsonSerializable(typeof(EditAnswer))]
[JsonSerializable(typeof(DeleteRequest))]
[JsonSerializable(typeof(ReactRequest))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(VersionsRequest))]
[JsonSerializable(typeof(VersionsAnswer))]
[JsonSerializable(typeof(CreateGroupRequest))]
[JsonSerializable(typeof(CreateGroupAnswer))]
[JsonSerializable(typeof(AddMembersRequest))]
[JsonSerializable(typeof(RemoveMemberRequest))]
[JsonSerializable(typeof(LeaveRequest))]
[JsonSerializable(typeof(RenameRequest))]
[JsonSerializable(typeof(MembersRequest))]
[JsonSerializable(typeof(MembersAnswer))]
[JsonSerializable(typeof(PeopleRequest))]
[JsonSerializable(typeof(PeopleAnswer))]
[JsonSerializable(typeof(MessageEditedEvent))]
[JsonSerializable(typeof(MessageDeletedEvent))]
[JsonSerializable(typeof(ReactionChangedEvent))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(WelcomeEvent))]
[JsonSerializable(typeof(MessagePostedEvent))]
[JsonSerializable(typeof(ChangedEvent))]
[JsonSerializable(typeof(ReadCursorMovedEvent))]
[JsonSerializable(typeof(ActivityRequest))]
[JsonSerializable(typeof(ActivityAnswer))]
[JsonSerializable(typeof(WatchRequest))]
[JsonSerializable(typeof(WatchAnswer))]
[JsonSerializable(typeof(SetStatusRequest))]
[JsonSerializable(typeof(SetStatusAnswer))]
[JsonSerializable(typeof(SetPreferencesRequest))]
[JsonSerializable(typeof(SetPreferencesAnswer))]
[JsonSerializable(typeof(ViewRequest))]
[JsonSerializable(typeof(ViewAnswer))]
[JsonSerializable(typeof(TypingRequest))]
[JsonSerializable(typeof(TypingAnswer))]
[JsonSerializable(typeof(PresenceEvent))]
[JsonSerializable(typeof(TypingEvent))]
[JsonSerializable(typeof(MarkUnreadRequest))]
[JsonSerializable(typeof(MarkAllReadRequest))]
[JsonSerializable(typeof(MarkAllReadAnswer))]
[JsonSerializable(typeof(UndoMarkAllReadRequest))]
[JsonSerializable(typeof(UndoMarkAllReadAnswer))]
[JsonSerializable(typeof(SetNotificationsRequest))]
[JsonSerializable(typeof(SetNotificationsAnswer))]
[JsonSerializable(typeof(MentionsRequest))]
[JsonSerializable(typeof(MentionsAnswer))]
[JsonSerializable(typeof(MarkMentionDoneRequest))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(FindConversationsRequest))]
[JsonSerializable(typeof(FindConversationsAnswer))]
[JsonSerializable(typeof(FindMentionableRequest))]
[JsonSerializable(typeof(FindMentionableAnswer))]
[JsonSerializable(typeof(WhyNotifiedRequest))]
[JsonSerializable(typeof(WhyNotifiedAnswer))]
[JsonSerializable(typeof(ReportNotificationsRequest))]
[JsonSerializable(typeof(NotifyNowRequest))]
[JsonSerializable(typeof(NotifyNowAnswer))]
[JsonSerializable(typeof(SaveDraftRequest))]
[JsonSerializable(typeof(SaveDraftAnswer))]
[JsonSerializable(typeof(DraftsRequest))]
[JsonSerializable(typeof(DraftsAnswer))]
[JsonSerializable(typeof(NotificationsChangedEvent))]
[JsonSerializable(typeof(MentionMarkedEvent))]
[JsonSerializable(typeof(NotifyNowEvent))]
[JsonSerializable(typeof(DraftChangedEvent))]
[JsonSerializable(typeof(ResyncEvent))]
[JsonSerializable(typeof(PermissionsChangedEvent))]
[JsonSerializable(typeof(ClosingEvent))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
