using System.Collections.Immutable;
using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Commands;

internal sealed record Create : WritingCommand
{
    public required string Title { get; init; }

    public required ImmutableArray<Player> Members { get; init; }

    private ImmutableArray<UserId> Users => [.. Members.Select(member => member.Id)];

    private protected override string Script => $"creates #{Number} '{Title}' with {string.Join(',', Members)}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).CreateGroupAsync(
        new CreateGroup { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Title = Title, Members = Users }, CancellationToken.None));

    internal override string Expect(ModelChat model) =>
        Show.Of(model.CreateGroup(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Title, Users));

    internal override WritingCommand Altered() => this with { Title = Title + "!" };
}

internal sealed record Add : WritingCommand
{
    public required ImmutableArray<Player> Members { get; init; }

    private protected override string Script => $"adds #{Number} {string.Join(',', Members)} to {In}";

    private ImmutableArray<UserId> Users => [.. Members.Select(member => member.Id)];

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).AddMembersAsync(
        new AddMembers { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Members = Users }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.AddMembers(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Users));

    internal override WritingCommand Altered() => this with { Members = Members.Contains(Cast.Cleo) ? [Cast.Ann] : [Cast.Cleo] };
}

internal sealed record Remove : WritingCommand
{
    public required Player Member { get; init; }

    private protected override string Script => By == Member ? $"leaves #{Number} {In}" : $"removes #{Number} {Member} from {In}";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).RemoveMemberAsync(
        new RemoveMember { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Member = Member.Id }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.RemoveMember(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Member.Id));

    internal override WritingCommand Altered() => this with { Member = Member == Cast.Ann ? Cast.Bob : Cast.Ann };
}

internal sealed record Rename : WritingCommand
{
    public required string Title { get; init; }

    private protected override string Script => $"renames #{Number} {In} to '{Title}'";

    internal override async Task<string> RunAsync(RealChat chat) => Show.Of(await chat.Conversation(In).RenameAsync(
        new RenameGroup { Caller = CallerOf(chat.Tenant), ClientId = ClientId, Title = Title }, CancellationToken.None));

    internal override string Expect(ModelChat model) => Show.Of(model.Rename(CallerOf(model.Tenant), In.Id(model.Tenant), ClientId, Title));

    internal override WritingCommand Altered() => this with { Title = Title + "!" };
}

/// <summary>Decides how long a conversation is kept. Its messages' ids are the server's own.</summary>
internal sealed record Keep : Command
{
    public required Place In { get; init; }

    public required int? Days { get; init; }

    private protected override string Script => $"keeps {In} for {Days?.ToString(CultureInfo.InvariantCulture) ?? "ever"} days";

    internal override async Task<string> RunAsync(RealChat chat) => (await chat.Conversation(In).SetRetentionAsync(
        new SetRetention { Caller = CallerOf(chat.Tenant), Retention = new ConversationRetention { Days = Days } }, CancellationToken.None)).Refusal.ToString() ?? "";

    internal override string Expect(ModelChat model) => model.SetRetention(CallerOf(model.Tenant), In.Id(model.Tenant), Days)?.ToString() ?? "";
}
