using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Import;

/// <summary>
/// How people of a support chat address each other: <c>nick: …</c> or <c>nick, …</c> at the beginning of a line, where nick is
/// an author. Written out it is a mention. Case counts only where two authors differ by nothing else. Pure.
/// </summary>
internal sealed class SupportChatAddressing
{
    private readonly Dictionary<string, UserId> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserId?> _folded = new(StringComparer.OrdinalIgnoreCase);

    internal SupportChatAddressing(IEnumerable<UserId> authors)
    {
        foreach (var author in authors)
        {
            _exact[author.Value] = author;
            _folded[author.Value] = _folded.ContainsKey(author.Value) ? null : author;
        }
    }

    /// <summary>The line with the mention in it, and whom it mentions; the line as it is when it addresses nobody else.</summary>
    internal (string Text, MentionSet? Mentions) Read(string text, UserId author)
    {
        var end = text.AsSpan().IndexOfAny(':', ',');
        if (end <= 0 || end > UserId.CharsMax || (end + 1 < text.Length && text[end + 1] != ' ') || Find(text[..end]) is not { } addressed || addressed == author)
        {
            return (text, null);
        }

        return (MentionText.TokenOf(addressed) + text[end..], new MentionSet { Users = [addressed] });
    }

    private UserId? Find(string nick) => _exact.TryGetValue(nick, out var exact) ? exact : _folded.GetValueOrDefault(nick);
}
