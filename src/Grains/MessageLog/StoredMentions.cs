using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// Whom a message mentions, as stored: <c>{"users":["ann"],"all":true,"here":["bob"]}</c>, null for nobody. The queries that
/// count mentions name these members.
/// </summary>
internal static class StoredMentions
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string? Write(MentionSet? mentions)
    {
        if (mentions is null || mentions.IsEmpty)
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, mentions);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static void Write(Utf8JsonWriter writer, MentionSet mentions)
    {
        writer.WriteStartObject();
        WriteUsers(writer, "users", mentions.Users);
        if (mentions.All)
        {
            writer.WriteBoolean("all", true);
        }

        WriteUsers(writer, "here", mentions.Here);
        writer.WriteEndObject();
    }

    internal static MentionSet? Read(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    /// <summary>Null for an object that mentions nobody.</summary>
    internal static MentionSet? Read(JsonElement element)
    {
        var mentions = new MentionSet
        {
            Users = ReadUsers(element, "users"),
            All = element.TryGetProperty("all", out var all) && all.GetBoolean(),
            Here = ReadUsers(element, "here"),
        };
        return mentions.IsEmpty ? null : mentions;
    }

    /// <summary><c>["ann","bob"]</c>; null for nobody.</summary>
    internal static string? WriteUsers(ImmutableArray<UserId> users) =>
        users.IsEmpty ? null : JsonSerializer.Serialize(users.Select(user => user.Value));

    internal static void WriteUsers(Utf8JsonWriter writer, string name, ImmutableArray<UserId> users)
    {
        if (users.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var user in users)
        {
            writer.WriteStringValue(user.Value);
        }

        writer.WriteEndArray();
    }

    internal static ImmutableArray<UserId> ReadUsers(JsonElement element, string name) =>
        element.TryGetProperty(name, out var users) ? [.. users.EnumerateArray().Select(user => UserId.Of(user.GetString()!))] : [];
}
