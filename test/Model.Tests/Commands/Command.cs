using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Model.Tests.Testing;
using OrleansChat.Presence;

namespace OrleansChat.Model.Tests.Commands;

/// <summary>The real chat of one tenant.</summary>
internal sealed record RealChat(ModelHost Host, TenantId Tenant)
{
    /// <summary>The token of the last "mark all as read" of each person.</summary>
    internal Dictionary<Player, Guid> Undos { get; } = [];

    /// <summary>Who has a device in their hands.</summary>
    internal HashSet<Player> There { get; } = [];

    private readonly GatewayId _gateway = GatewayId.New();
    private long _beats;

    /// <summary>Somebody's gateway says that they touch a device now.</summary>
    internal Task BeatAsync(Player player) => Host.Presence(Tenant, player.Id).BeatAsync(
        new PresenceBeat { TenantId = Tenant, UserId = player.Id, GatewayId = _gateway, Number = ++_beats, Live = true, Idle = TimeSpan.Zero },
        CancellationToken.None);

    internal IConversationGrain Conversation(Place place) => Host.Conversation(Tenant, place.Id(Tenant));

    internal IUnreadGrain Inbox(Player player) => Host.Inbox(Tenant, player.Id);
}

/// <summary>
/// Something that somebody does. Says all of it by itself, so that a script stays one when commands are taken out of it. Its
/// answer is a text, from the real chat and from the model.
/// </summary>
internal abstract record Command
{
    public required Player By { get; init; }

    /// <summary>True for somebody of another tenant with the same id.</summary>
    public bool FromElsewhere { get; init; }

    internal Caller CallerOf(TenantId tenant) => new()
    {
        TenantId = FromElsewhere ? TenantId.Of("globex") : tenant,
        UserId = By.Id,
        Name = By.Name,
        Permissions = By.Permissions,
    };

    internal abstract Task<string> RunAsync(RealChat chat);

    internal abstract string Expect(ModelChat model);

    /// <summary>What is said about it in a script.</summary>
    private protected abstract string Script { get; }

    public sealed override string ToString() => $"{By}{(FromElsewhere ? " of another tenant" : "")} {Script}";
}

/// <summary>Something that changes a conversation; carries an id so that it can be repeated.</summary>
internal abstract record WritingCommand : Command
{
    public required Place In { get; init; }

    /// <summary>The client's id for it.</summary>
    public required int Number { get; init; }

    internal Guid ClientId => Ids.Of(Number);

    /// <summary>The same id with another content.</summary>
    internal abstract WritingCommand Altered();
}
