using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>The column <c>type</c>: who can ever be told of the conversation. Follows from the kind for ever.</summary>
internal static class ConversationType
{
    private const string Internal = "INTERNAL";
    private const string Contact = "CONTACT";

    internal static string Of(ConversationKind kind) => kind switch
    {
        ConversationKind.Direct or ConversationKind.Group or ConversationKind.Notes => Internal,
        ConversationKind.Contact => Contact,
    };
}
