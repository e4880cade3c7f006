using System.Globalization;


namespace OrleansChat.Identity;

/// <summary>The only maker of stream names. Message events of a tenant travel in <c>messages</c> / <c>acme/0</c>.</summary>
public static class TenantStreams
{
    /// <summary>Name of the stream provider that carries every event.</summary>
    public const string Provider = "events";

    /// <summary>Namespace of the streams that carry what conversations append, by shard.</summary>
    public const string MessagesNamespace = "messages";

    /// <summary>Namespace of the streams that carry events about people (read cursors, presence, typing).</summary>
    public const string SignalsNamespace = "signals";

    /// <summary>A tenant's stream of signals.</summary>
    public static StreamId Signals(TenantId tenant) => StreamId.Create(SignalsNamespace, KeyText.Encode(tenant.Value));

    /// <summary>The stream of one shard of a tenant's message events.</summary>
    public static StreamId Messages(TenantId tenant, int shard) =>
        StreamId.Create(MessagesNamespace, KeyText.Encode(tenant.Value) + KeyText.PartSeparator + shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>The shard that carries a conversation's events; the same on every silo and for ever (FNV-1a over the id).</summary>
    /// <param name="conversation">Whose events.</param>
    /// <param name="shards">How many shards tenants have, 1 or more.</param>
    public static int ShardOf(ConversationId conversation, int shards)
    {
        var hash = 2166136261u;
        foreach (var unit in conversation.Value)
        {
            hash = (hash ^ unit) * 16777619u;
        }

        return (int)(hash % (uint)shards);
    }
}
