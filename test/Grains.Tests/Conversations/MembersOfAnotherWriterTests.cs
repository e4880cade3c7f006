using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Another writer (an import, a second activation) changed the members, and nobody posts.</summary>
public sealed class MembersOfAnotherWriterTests
{
    [Theory]
    [EveryStore]
    public async Task MembersAsync_AfterAGatewayHasReadTheChange_AreThoseOfTheLog(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var cancellation = TestContext.Current.CancellationToken;
        (await host.Conversation(group).MembersAsync(cancellation)).MembersRev.ShouldBe(1);
        await RivalWritesAsync(host, group, SystemFactKind.Added, host.Cleo.Id);

        var appended = (await host.Conversation(group).AppendedSinceAsync(1, cancellation)).ShouldNotBeNull();
        var members = await host.Conversation(group).MembersAsync(cancellation);

        appended.MembersRev.ShouldBe(2);
        members.MembersRev.ShouldBe(2);
        members.Members.ShouldContain(host.Cleo.Id);
        (await host.Cleo.PostsAsync(group, "hello")).Refusal.ShouldBeNull();
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_AuthorIsRemovedWhileThePostWaits_IsRefused(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Bob.PostsAsync(group, "first");
        var gate = host.Log.HoldNext();
        var held = host.Ann.PostsAsync(group, "held");
        await gate.Reached;
        var late = host.Bob.PostsAsync(group, "late");
        await host.Conversation(group).MembersAsync(TestContext.Current.CancellationToken); // Behind it: the grain has taken the post.
        await RivalWritesAsync(host, group, SystemFactKind.Removed, host.Bob.Id);
        gate.Open();

        (await held).Refusal.ShouldBeNull();
        (await late).Refusal.ShouldBe(CommandRefusal.NotFound);
    }

    private static async Task RivalWritesAsync(ChatHost host, ConversationId group, SystemFactKind kind, UserId user)
    {
        var head = (await host.Store.Log.ReadConversationAsync(host.Tenant, group, CancellationToken.None))!.Head;
        var result = await host.Store.Log.AppendAsync(
            new ConversationAppend
            {
                TenantId = host.Tenant,
                ConversationId = group,
                Expected = head,
                Entries =
                [
                    new MessageEntry
                    {
                        At = host.Time.GetUtcNow(),
                        Kind = MessageKind.System,
                        AuthorId = host.Ann.Id,
                        ClientId = Guid.NewGuid(),
                        Text = "",
                        Fact = new SystemFact { Kind = kind, Targets = [user] },
                    },
                ],
                Begins = kind == SystemFactKind.Added ? [new MembershipBegin { UserId = user, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }] : [],
                Ends = kind == SystemFactKind.Removed ? [new MembershipEnd { UserId = user, LeftSeq = head.Seq + 1 }] : [],
            },
            CancellationToken.None);
        result.ShouldBeOfType<AppendResult.Appended>();
    }
}
