using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>
/// What the hub cannot ask: a conversation of acme's own grain, called by a member's namesake of the other tenant. The grain compares the
/// tenant again (rule R3), whatever a gateway would be wrong about.
/// </summary>
public sealed class ForeignTenantGrainTests
{
    private static readonly Caller Namesake = Office.Caller(Helpdesk.OtherTenant, "ann");

    /// <summary>Every method that somebody calls; true when it is answered as if there were nothing.</summary>
    private static readonly IReadOnlyDictionary<string, Func<IConversationGrain, Task<bool>>> Rows = new Dictionary<string, Func<IConversationGrain, Task<bool>>>(StringComparer.Ordinal)
    {
        [nameof(IConversationGrain.PostAsync)] = grain => IsRefusedAsync(grain.PostAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Text = "hi" }, default)),
        [nameof(IConversationGrain.EditAsync)] = grain => IsRefusedAsync(grain.EditAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Seq = 4, Version = 1, Text = "hi" }, default)),
        [nameof(IConversationGrain.DeleteAsync)] = grain => IsRefusedAsync(grain.DeleteAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Seq = 4 }, default)),
        [nameof(IConversationGrain.ReactAsync)] = grain => IsRefusedAsync(grain.ReactAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Seq = 4, Emoji = "👍", Add = true }, default)),
        [nameof(IConversationGrain.AddMembersAsync)] = grain => IsRefusedAsync(grain.AddMembersAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Members = [UserId.Of("eve")] }, default)),
        [nameof(IConversationGrain.RemoveMemberAsync)] = grain => IsRefusedAsync(grain.RemoveMemberAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Member = UserId.Of("bob") }, default)),
        [nameof(IConversationGrain.RenameAsync)] = grain => IsRefusedAsync(grain.RenameAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Title = "New" }, default)),
        [nameof(IConversationGrain.TypingAsync)] = async grain => (await grain.TypingAsync(new() { Caller = Namesake, Typing = true }, default)).Refusal == TypingRefusal.NotFound,
        [nameof(IConversationGrain.CreateGroupAsync)] = async grain =>
            (await grain.CreateGroupAsync(new() { Caller = Namesake, ClientId = Guid.NewGuid(), Title = "New", Members = [] }, default)).Refusal == CreateGroupRefusal.NotFound,
        [nameof(IConversationGrain.HistoryAsync)] = async grain => !(await grain.HistoryAsync(new() { Caller = Namesake, Anchor = HistoryAnchor.Latest, Seq = 0, Limit = 50 }, default)).Found,
        [nameof(IConversationGrain.VersionsAsync)] = async grain => !(await grain.VersionsAsync(Namesake, 4, default)).Found,
        [nameof(IConversationGrain.ListMembersAsync)] = async grain => !(await grain.ListMembersAsync(new() { Caller = Namesake, Limit = 50 }, default)).Found,
        [nameof(IConversationGrain.ChangesAsync)] = async grain => !(await grain.ChangesAsync(new() { Caller = Namesake, SinceRev = 0 }, default)).Found,
        [nameof(IConversationGrain.SetRetentionAsync)] = async grain =>
            (await grain.SetRetentionAsync(new() { Caller = Namesake, Retention = new ConversationRetention { Days = 1 } }, default)).Refusal == SetRetentionRefusal.NotFound,
    };

    [Fact]
    [Rule("R3")]
    public async Task EveryMethodOfAConversation_CalledFromAnotherTenant_IsAnsweredAsIfItWereNotThere()
    {
        Rows.Keys.ShouldBe(
            typeof(IConversationGrain).GetMethods().Where(method => HasCaller(method)).Select(method => method.Name), ignoreOrder: true, "each method has a row");
        await using var office = await Office.OpenAsync();
        var group = await office.HasGroupAsync();
        await office.PostsAsync(office.Acme, group, "ann");
        ConversationId.TryParse(group, out var id).ShouldBeTrue();
        var grain = office.Chat.Services.GetRequiredService<IGrainLink>().Client.GetGrain<IConversationGrain>(new ConversationKey(TenantId.Of(office.Acme), id).ToString());
        var ann = await office.SignsInAsync("ann");
        var before = (await ann.CallsAsync("History", new { conversationId = group, anchor = "latest" })).ToString();

        foreach (var (method, isRefused) in Rows)
        {
            (await isRefused(grain)).ShouldBeTrue(method);
        }

        (await ann.CallsAsync("History", new { conversationId = group, anchor = "latest" })).ToString().ShouldBe(before);
    }

    private static bool HasCaller(MethodInfo method) => method.GetParameters().Any(parameter =>
        parameter.ParameterType == typeof(Caller) || parameter.ParameterType.GetProperty("Caller")?.PropertyType == typeof(Caller));

    private static async Task<bool> IsRefusedAsync(Task<CommandResult> command) => (await command).Refusal == CommandRefusal.NotFound;
}
