using OrleansChat.Identity;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Commands;

/// <summary>A conversation by who began it, so that it has the same meaning in every tenant and in every shorter script.</summary>
internal abstract record Place
{
    internal abstract ConversationId Id(TenantId tenant);

    internal sealed record Direct(Player One, Player Other) : Place
    {
        internal override ConversationId Id(TenantId tenant) => ConversationId.Direct(One.Id, Other.Id);

        public override string ToString() => $"{One}+{Other}";
    }

    /// <summary>The group that a command creates.</summary>
    internal sealed record Group(Player Creator, int Command) : Place
    {
        internal override ConversationId Id(TenantId tenant) => ConversationId.OfCommand(tenant, Creator.Id, Ids.Of(Command));

        public override string ToString() => $"group{Command}";
    }
}

/// <summary>The ids that clients stamp: the same number, the same id.</summary>
internal static class Ids
{
    internal static Guid Of(int command) => new(command + 1, 1, 1, [1, 2, 3, 4, 5, 6, 7, 8]);
}
