using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// The payloads of the log's rows that are not messages, and how they become changes again. They hold no text: what was
/// deleted is gone from them too. Kinds are literals, never renamed.
/// </summary>
internal static class StoredChange
{
    internal const string Edited = "edited";
    internal const string Deleted = "deleted";
    internal const string Reacted = "reacted";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"before":{…},"after":{…}}</c>: whom it mentioned and mentions.</summary>
    internal static string WriteEdited(MentionSet? before, MentionSet? after) => Write(writer =>
    {
        WriteMentions(writer, "before", before);
        WriteMentions(writer, "after", after);
    });

    /// <summary><c>{"before":{…}}</c>: whom it mentioned.</summary>
    internal static string WriteDeleted(MentionSet? before) => Write(writer => WriteMentions(writer, "before", before));

    /// <summary><c>{"user":"ann","emoji":"👍","added":true,"count":3,"users":["bob",…]}</c>.</summary>
    internal static string WriteReacted(ReactionChanged reacted) => Write(writer =>
    {
        writer.WriteString("user", reacted.UserId.Value);
        writer.WriteString("emoji", reacted.Emoji);
        writer.WriteBoolean("added", reacted.Added);
        writer.WriteNumber("count", reacted.Count);
        StoredMentions.WriteUsers(writer, "users", reacted.Users);
    });

    /// <summary>The change of a row, with the message as it stands now.</summary>
    internal static ConversationChange Read(long rev, string kind, string payload, ChangedMessage? message)
    {
        if (message is null)
        {
            return new ConversationChange { Rev = rev };
        }

        using var document = JsonDocument.Parse(payload);
        var root = document.RootElement;
        return kind switch
        {
            Edited => new ConversationChange
            {
                Rev = rev,
                Edited = new MessageEdited
                {
                    Seq = message.Seq,
                    AuthorId = message.AuthorId,
                    Version = message.Version,
                    Text = message.Text,
                    EditedAt = message.EditedAt ?? message.PostedAt,
                    PostedAt = message.PostedAt,
                    Before = ReadMentions(root, "before"),
                    After = ReadMentions(root, "after"),
                },
            },
            Deleted => new ConversationChange
            {
                Rev = rev,
                Deleted = new MessageDeleted
                {
                    Seq = message.Seq,
                    AuthorId = message.AuthorId,
                    DeletedAt = message.DeletedAt ?? message.PostedAt,
                    PostedAt = message.PostedAt,
                    Before = ReadMentions(root, "before"),
                },
            },
            Reacted => new ConversationChange
            {
                Rev = rev,
                Reacted = new ReactionChanged
                {
                    Seq = message.Seq,
                    UserId = UserId.Of(root.GetProperty("user").GetString()!),
                    Emoji = root.GetProperty("emoji").GetString()!,
                    Added = root.GetProperty("added").GetBoolean(),
                    Count = root.GetProperty("count").GetInt32(),
                    Users = StoredMentions.ReadUsers(root, "users"),
                },
            },
            _ => new ConversationChange { Rev = rev }, // Of a later version.
        };
    }

    private static MentionSet? ReadMentions(JsonElement root, string name) =>
        root.TryGetProperty(name, out var mentions) ? StoredMentions.Read(mentions) : null;

    private static void WriteMentions(Utf8JsonWriter writer, string name, MentionSet? mentions)
    {
        if (mentions is { IsEmpty: false })
        {
            writer.WritePropertyName(name);
            StoredMentions.Write(writer, mentions);
        }
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>The message that a change is about, as it stands when the change is read.</summary>
internal sealed record ChangedMessage
{
    public required long Seq { get; init; }

    public required UserId AuthorId { get; init; }

    public required int Version { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}
