using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>The lines of exports and readings (docs/protocol.md, Export); names are literals, never renamed.</summary>
internal static class ArchiveLine
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(ArchivedConversation conversation) => Line("conversation", conversation.Id, writer =>
    {
        writer.WriteString("kind", $"{conversation.Kind}".ToLowerInvariant());
        WriteOptional(writer, "title", conversation.Title);
        writer.WriteStartArray("formerTitles");
        foreach (var title in conversation.FormerTitles)
        {
            writer.WriteStringValue(title);
        }

        writer.WriteEndArray();
        writer.WriteNumber("rev", conversation.Head.Rev);
        writer.WriteNumber("seq", conversation.Head.Seq);
        writer.WriteString("createdBy", conversation.CreatedBy.Value);
        WriteTime(writer, "createdAt", conversation.CreatedAt);
        WriteOptional(writer, "retentionDays", conversation.RetentionDays);
        writer.WriteBoolean("legalHold", conversation.LegalHold);
    });

    internal static string Of(ConversationId conversation, ArchivedMembership membership) => Line("membership", conversation, writer =>
    {
        writer.WriteString("userId", membership.UserId.Value);
        writer.WriteNumber("joinedSeq", membership.JoinedSeq);
        writer.WriteNumber("joinedRev", membership.JoinedRev);
        WriteOptional(writer, "leftSeq", membership.LeftSeq);
        WriteOptional(writer, "leftRev", membership.LeftRev);
    });

    internal static string Of(ConversationId conversation, ArchivedMessage message, ArchivePosition position) => Line("message", conversation, writer =>
    {
        writer.WriteNumber("rev", message.Rev);
        writer.WriteNumber("seq", message.Seq);
        writer.WriteString("kind", message.Kind switch { MessageKind.Text => "text", MessageKind.System => "system" });
        writer.WriteString("authorId", message.AuthorId.Value);
        writer.WriteString("clientId", message.ClientId);
        WriteTime(writer, "time", message.Time);
        writer.WriteString("text", message.Text);
        writer.WriteNumber("version", message.Version);
        WriteOptional(writer, "replyToSeq", message.ReplyToSeq);
        WriteJson(writer, "mentions", message.Mentions);
        WriteJson(writer, "fact", message.Fact);
        WriteTime(writer, "editedAt", message.EditedAt);
        WriteTime(writer, "deletedAt", message.DeletedAt);
        WriteOptional(writer, "deletedBy", message.DeletedBy?.Value);
        writer.WriteString("cursor", position.ToString());
    });

    internal static string Of(ConversationId conversation, ArchivedVersion version) => Line("version", conversation, writer =>
    {
        writer.WriteNumber("seq", version.Seq);
        writer.WriteNumber("version", version.Version);
        WriteTime(writer, "time", version.WrittenAt);
        writer.WriteString("text", version.Text);
        WriteJson(writer, "mentions", version.Mentions);
    });

    internal static string Of(ConversationId conversation, ArchivedChange change, ArchivePosition position) => Line("change", conversation, writer =>
    {
        writer.WriteNumber("rev", change.Rev);
        writer.WriteString("kind", change.Kind);
        WriteTime(writer, "time", change.At);
        WriteOptional(writer, "seq", change.MessageSeq);
        WriteOptional(writer, "authorId", change.AuthorId?.Value);
        WriteJson(writer, "details", change.Payload);
        writer.WriteString("cursor", position.ToString());
    });

    private static string Line(string type, ConversationId conversation, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("conversationId", conversation.Value);
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            writer.WriteString(name, value.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    /// <summary>Stores keep JSON as they like; here it stands without white space, its names in order.</summary>
    private static void WriteJson(Utf8JsonWriter writer, string name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            using var document = JsonDocument.Parse(json);
            Write(writer, document.RootElement);
        }

        static void Write(Utf8JsonWriter writer, JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
            }
            else
            {
                element.WriteTo(writer);
            }
        }
    }
}
