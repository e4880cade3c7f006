namespace OrleansChat.Tenants;

/// <summary>How long one conversation is kept (rule R5).</summary>
[GenerateSerializer, Immutable, Alias("chat.ConversationRetention")]
public sealed record ConversationRetention
{
    /// <summary>Days in place of the tenant's; null: as the tenant decided.</summary>
    [Id(0)]
    public int? Days { get; init; }

    /// <summary>True: everything is kept whatever the days say.</summary>
    [Id(1)]
    public bool LegalHold { get; init; }
}
