namespace OrleansChat.Gateway.Wire;

/// <summary>The answer to <c>GET /api/embedding</c> below <c>/embed/{tenant}</c>.</summary>
internal sealed record EmbeddingAnswer
{
    /// <summary>Pages that may show the panel, and that it may talk to.</summary>
    public required IReadOnlyList<string> FrameOrigins { get; init; }
}
