using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Tenants;

/// <summary>Bounds of people's records (section <c>Directory</c>); gateways, which judge tokens, and silos must have the same.</summary>
public sealed class DirectoryOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Directory";

    /// <summary>More than this no display name ever has, whatever the option says or said once.</summary>
    public const int NameScalarsCeiling = 200;

    /// <summary>
    /// Longest display name in Unicode scalars. Every message on its way carries its author's name; a longer name that was stored
    /// under another value stays.
    /// </summary>
    [Range(1, NameScalarsCeiling)]
    public int NameScalarsMax { get; set; } = 80;
}
