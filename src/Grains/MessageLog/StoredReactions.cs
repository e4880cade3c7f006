using System.Collections.Immutable;
using System.Text.Json;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>A message's reactions as the queries put them together: <c>[{"e":"👍","n":3,"m":true,"u":["ann",…]}]</c>, by emoji.</summary>
internal static class StoredReactions
{
    internal static ImmutableArray<Reaction> Read(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return
        [
            .. document.RootElement.EnumerateArray().Select(static element => new Reaction
            {
                Emoji = element.GetProperty("e").GetString()!,
                Count = element.GetProperty("n").GetInt32(),
                Mine = element.GetProperty("m").ValueKind is JsonValueKind.True || element.GetProperty("m") is { ValueKind: JsonValueKind.Number } mine && mine.GetInt32() != 0,
                Users = StoredMentions.ReadUsers(element, "u"),
            }),
        ];
    }
}
