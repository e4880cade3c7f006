using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// A system message's fact as stored: <c>{"kind":"added","targets":["ann"],"before":"…","after":"…"}</c>. The queries
/// that count unread messages name <c>kind</c>, its literal <c>added</c>, and <c>targets</c>.
/// </summary>
internal static class StoredFact
{
    private const string Created = "created";
    private const string Added = "added";
    private const string Removed = "removed";
    private const string Left = "left";
    private const string Renamed = "renamed";
    private const string RetentionChanged = "retention-changed";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string? Write(SystemFact? fact)
    {
        if (fact is null)
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", Literal(fact.Kind));
            writer.WriteStartArray("targets");
            foreach (var target in fact.Targets)
            {
                writer.WriteStringValue(target.Value);
            }

            writer.WriteEndArray();
            WriteOptional(writer, "before", fact.Before);
            WriteOptional(writer, "after", fact.After);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static SystemFact? Read(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new SystemFact
        {
            Kind = FromLiteral(root.GetProperty("kind").GetString()),
            Targets = [.. root.GetProperty("targets").EnumerateArray().Select(target => UserId.Of(target.GetString()!))],
            Before = root.TryGetProperty("before", out var before) ? before.GetString() : null,
            After = root.TryGetProperty("after", out var after) ? after.GetString() : null,
        };
    }

    internal static bool IsKnown(SystemFactKind kind) => kind is >= SystemFactKind.Created and <= SystemFactKind.RetentionChanged;

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string Literal(SystemFactKind kind) => kind switch
    {
        SystemFactKind.Created => Created,
        SystemFactKind.Added => Added,
        SystemFactKind.Removed => Removed,
        SystemFactKind.Left => Left,
        SystemFactKind.Renamed => Renamed,
        SystemFactKind.RetentionChanged => RetentionChanged,
    };

    private static SystemFactKind FromLiteral(string? literal) => literal switch
    {
        Created => SystemFactKind.Created,
        Added => SystemFactKind.Added,
        Removed => SystemFactKind.Removed,
        Left => SystemFactKind.Left,
        Renamed => SystemFactKind.Renamed,
        RetentionChanged => SystemFactKind.RetentionChanged,
        _ => throw new InvalidOperationException($"The store holds a system fact of the unknown kind '{literal}'."),
    };
}
