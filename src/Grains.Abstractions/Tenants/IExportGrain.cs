using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Orleans.Concurrency;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>
/// Everything that a tenant's people wrote (key: <see cref="TenantKey"/>), part by part (rule R6). For callers with
/// <see cref="ChatPermissions.Export"/>; for others there is nothing.
/// </summary>
[Alias("chat.IExportGrain")]
public interface IExportGrain : IGrainWithStringKey
{
    /// <summary>States in the audit that an export begins, and from where.</summary>
    /// <returns>False when the caller may not.</returns>
    [AlwaysInterleave]
    [Alias("StartAsync")]
    Task<bool> StartAsync(Caller caller, ArchivePosition? after, CancellationToken cancellationToken);

    /// <summary>The part behind a position; bounded, and never nothing before the end.</summary>
    [AlwaysInterleave]
    [Alias("NextAsync")]
    Task<ArchiveLines> NextAsync(Caller caller, ArchivePosition? after, CancellationToken cancellationToken);
}

/// <summary>Lines of JSON, as docs/protocol.md describes them under Export.</summary>
[GenerateSerializer, Immutable, Alias("chat.ArchiveLines")]
public sealed record ArchiveLines
{
    /// <summary>In order; none has a line break in it.</summary>
    [Id(0)]
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>Where the next part begins; null at the end.</summary>
    [Id(1)]
    public ArchivePosition? Next { get; init; }
}

/// <summary>A place in an export: everything of the conversations before this one, and of this one up to these counters.</summary>
[GenerateSerializer, Immutable, Alias("chat.ArchivePosition")]
public sealed record ArchivePosition
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The last change that is behind; 0 for none.</summary>
    [Id(1)]
    public required long Rev { get; init; }

    /// <summary>The last message that is behind; 0 for none.</summary>
    [Id(2)]
    public required long Seq { get; init; }

    /// <summary>False when the text is not what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out ArchivePosition? position)
    {
        position = null;
        if (text.Length > 4 * ConversationId.CharsMax || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
        if (parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rev)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            && ConversationId.TryParse(parts[2], out var conversation))
        {
            position = new ArchivePosition { ConversationId = conversation, Rev = rev, Seq = seq };
        }

        return position is not null;
    }

    /// <summary>Opaque to clients.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Rev} {Seq} {ConversationId}")));
}
