namespace OrleansChat.Identity;

/// <summary>What an id of the helpdesk (tenant, user) may be: non-empty, bounded, well-formed UTF-16 without control characters.</summary>
internal static class IdText
{
    internal static bool IsValid(string? id, int charsMax)
    {
        if (string.IsNullOrEmpty(id) || id.Length > charsMax)
        {
            return false;
        }

        for (var i = 0; i < id.Length; i++)
        {
            if (char.IsControl(id[i]))
            {
                return false;
            }

            if (char.IsSurrogate(id[i]))
            {
                if (i + 1 == id.Length || !char.IsSurrogatePair(id[i], id[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
