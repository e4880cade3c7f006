using System.Reflection;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A client that knows one grain. Public, for the proxy that derives from it.</summary>
public class OneGrainClient : DispatchProxy
{
    private string _key = string.Empty;
    private object? _grain;

    internal static IClusterClient Create(string key, object grain)
    {
        var client = Create<IClusterClient, OneGrainClient>();
        ((OneGrainClient)(object)client)._key = key;
        ((OneGrainClient)(object)client)._grain = grain;
        return client;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        targetMethod.ShouldNotBeNull().Name.ShouldBe(nameof(IGrainFactory.GetGrain));
        args.ShouldNotBeNull()[0].ShouldBe(_key);
        return _grain;
    }
}
