using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Model;

/// <summary>What the helpdesk says of people (rules C7, C13, R1), and who of them is there (rule N3).</summary>
internal sealed partial class ModelChat
{
    private readonly Dictionary<UserId, (bool Active, bool Restricted)> _people =
        Cast.All.Where(player => player.Known).ToDictionary(player => player.Id, player => (player.Active, Restricted: false));

    private readonly Dictionary<UserId, ManualStatus> _shown = [];

    /// <summary>Whoever has this role may not use the chat in this tenant.</summary>
    internal const Role RestrictedRole = Role.Owner;

    internal static Role RoleOf(Player player, bool restricted) => restricted ? RestrictedRole : player.Role;

    internal void Provision(Player who, bool active, bool restricted) => _people[who.Id] = (active, restricted);

    internal void Shows(UserId user, ManualStatus status) => _shown[user] = status;

    /// <summary>What the directory knows of somebody; null for nobody of this tenant.</summary>
    private (bool Active, bool Restricted)? Find(UserId user) => _people.TryGetValue(user, out var known) ? known : null;

    /// <summary>Rule C7: known, active, and allowed to chat.</summary>
    private CommandRefusal? RefuseMembers(IEnumerable<UserId> joining)
    {
        var people = joining.Select(Find).ToArray();
        return people.Any(person => person is not { Active: true }) ? CommandRefusal.UnknownMember
            : people.Any(person => person is { Restricted: true }) ? CommandRefusal.MemberRestricted
            : null;
    }

    /// <summary>Whom @here means: members at a device who do not say that they are away or gone; never the author.</summary>
    private ImmutableArray<UserId> OnlineIn(ModelConversation conversation, UserId author) =>
    [
        .. _shown.Where(shown => shown.Value is ManualStatus.Auto or ManualStatus.Dnd && shown.Key != author && conversation.Members.ContainsKey(shown.Key))
            .Select(shown => shown.Key).OrderBy(user => user.Value, StringComparer.Ordinal),
    ];
}
