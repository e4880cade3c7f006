using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>
/// Reads a text that the rules judge, not the JSON reader: one with a lone surrogate (which JSON can write) is refused as
/// <c>textInvalid</c> like everywhere else, instead of as a request of the wrong shape.
/// </summary>
internal sealed class TextAsSent : JsonConverter<string>
{
    private const string NotWellFormed = "\ud800";

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException();
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return NotWellFormed;
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
