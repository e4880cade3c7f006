using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Model;

/// <summary>Who plays: people with every kind of right, one whose id needs encoding everywhere, one who is deactivated, one nobody knows.</summary>
internal static class Cast
{
    private const ChatPermissions OfAgent = ChatPermissions.Use | ChatPermissions.DirectStart | ChatPermissions.DirectReply
        | ChatPermissions.GroupCreate | ChatPermissions.GroupMembers | ChatPermissions.GroupRename;

    internal static readonly Player Ann = new("ann", "Ann Archer", Role.Agent, OfAgent);
    internal static readonly Player Bob = new("bob", "Bob Baker", Role.Supervisor, OfAgent | ChatPermissions.MentionAll);
    internal static readonly Player Cleo = new("cleo", "Cleo Cook", Role.Admin, OfAgent | ChatPermissions.MentionAll | ChatPermissions.DeleteAny | ChatPermissions.Retention);
    internal static readonly Player Eva = new("e~v/a<%>", "Éva Archer", Role.Agent, OfAgent);

    /// <summary>May answer, and nothing else.</summary>
    internal static readonly Player Rae = new("rae", "Rae Archerson", Role.Agent, ChatPermissions.Use | ChatPermissions.DirectReply);

    /// <summary>Is restricted from chat since the gateway last looked.</summary>
    internal static readonly Player Max = new("max", "Max Cooke", Role.Agent, ChatPermissions.DirectStart | ChatPermissions.GroupCreate | ChatPermissions.GroupMembers | ChatPermissions.GroupRename);

    /// <summary>Is deactivated.</summary>
    internal static readonly Player Dee = new("dee", "Dee Dale", Role.Agent, default) { Active = false };

    /// <summary>Is not in the directory.</summary>
    internal static readonly Player Zed = new("zed", "Zed", Role.Agent, OfAgent) { Known = false };

    /// <summary>Those who act.</summary>
    internal static readonly ImmutableArray<Player> Actors = [Ann, Bob, Cleo, Eva, Rae, Max];

    internal static readonly ImmutableArray<Player> All = [.. Actors, Dee, Zed];

    internal static string NameOf(UserId id) => All.First(player => player.Id == id).Name;
}

/// <summary>Somebody.</summary>
internal sealed record Player(string Text, string Name, Role Role, ChatPermissions Permissions)
{
    internal bool Active { get; init; } = true;

    internal bool Known { get; init; } = true;

    internal UserId Id { get; } = UserId.Of(Text);

    public override string ToString() => Text;
}

/// <summary>The bounds of the run.</summary>
internal static class Bounds
{
    internal const int MembersMax = 5;
    internal const int MentionsMax = 2;
    internal const int ReactionsMax = 2;
    internal const int WideMentionFreeMax = 4;
    internal const int WideMentionUnconfirmedMax = 2;
    internal const int HereMax = 3;
    internal const int TextScalarsMax = 300;
    internal const int TitleScalarsMax = 64;
    internal const int PreviewScalarsMax = 200;
    internal const int ReactorsMax = 20;
    internal const int ChangesMax = 200;
    internal const int DraftsMax = 2;

    /// <summary>So few that repetitions are also answered from the store.</summary>
    internal const int RememberedCommandsMax = 4;
}
