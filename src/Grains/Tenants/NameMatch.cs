using OrleansChat.Text;

namespace OrleansChat.Grains.Tenants;

/// <summary>How well a folded name fits what somebody looks for, best first (rules N2, L4).</summary>
internal enum NameMatch
{
    Exact,
    Prefix,
    WordPrefix,
    Inner,
    None,
}

/// <summary>Matches names; pure. Both texts are folded by <see cref="TextFold.Fold"/>.</summary>
internal static class NameMatching
{
    internal static NameMatch Of(string name, string wanted)
    {
        var at = name.IndexOf(wanted, StringComparison.Ordinal);
        if (at <= 0)
        {
            return at < 0 ? NameMatch.None : name.Length == wanted.Length ? NameMatch.Exact : NameMatch.Prefix;
        }

        for (; at >= 0; at = at + 1 < name.Length ? name.IndexOf(wanted, at + 1, StringComparison.Ordinal) : -1)
        {
            if (!char.IsLetterOrDigit(name[at - 1]))
            {
                return NameMatch.WordPrefix;
            }
        }

        return NameMatch.Inner;
    }
}
