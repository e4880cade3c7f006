using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.MessageLog.Writer;

/// <summary>One tenant with one author and numbered conversations.</summary>
internal static class Scene
{
    internal static TenantId Tenant { get; } = TenantId.Of("writer");

    internal static UserId Author { get; } = UserId.Of("ann");

    internal static Task PrepareAsync(ChatStore store) => store.Directory.AddPeopleAsync(
        Tenant, [new Person { UserId = Author, Name = "Ann Archer", Role = Role.Agent }], CancellationToken.None);

    internal static ConversationId Conversation(int number) => ConversationId.Of(new Guid(number, 0, 0, new byte[8]));

    internal static MessageEntry Text(Guid clientId, string text) => new()
    {
        At = TimeProvider.System.GetUtcNow(),
        Kind = MessageKind.Text,
        AuthorId = Author,
        ClientId = clientId,
        Text = text,
    };

    internal static ConversationAppend Append(ConversationId conversation, Head? head, params LogEntry[] entries) => new()
    {
        TenantId = Tenant,
        ConversationId = conversation,
        Expected = head,
        Creation = head is null
            ? new ConversationCreation { Kind = ConversationKind.Group, Title = "Writer", CreatedBy = Author, CreatedAt = TimeProvider.System.GetUtcNow() }
            : null,
        Entries = [.. entries],
        Begins = head is null ? [new MembershipBegin { UserId = Author, JoinedSeq = 1, ReadSeq = 0 }] : [],
    };
}
