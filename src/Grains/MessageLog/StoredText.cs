namespace OrleansChat.Grains.MessageLog;

/// <summary>What every store can hold as text: well-formed UTF-16 without U+0000. Checked before a store sees it, so both refuse alike.</summary>
internal static class StoredText
{
    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        var rest = text;
        while (true)
        {
            var index = rest.IndexOfAny(Suspicious);
            if (index < 0)
            {
                return true;
            }

            if (rest[index] == '\0' || index + 1 == rest.Length || !char.IsSurrogatePair(rest[index], rest[index + 1]))
            {
                return false;
            }

            rest = rest[(index + 2)..];
        }
    }

    private static readonly System.Buffers.SearchValues<char> Suspicious = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit), '\0']);
}
