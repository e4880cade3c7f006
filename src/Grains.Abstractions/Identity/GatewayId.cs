namespace OrleansChat.Identity;

/// <summary>One run of one gateway process. A gateway that is started again is another one.</summary>
[GenerateSerializer, Immutable, Alias("chat.GatewayId")]
public readonly record struct GatewayId
{
    /// <summary>Random.</summary>
    [Id(0)]
    public required Guid Value { get; init; }

    /// <summary>The id of a run that begins now.</summary>
    public static GatewayId New() => new() { Value = Guid.NewGuid() };

    /// <inheritdoc />
    public override string ToString() => Value.ToString("N");
}
