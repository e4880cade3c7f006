using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Session;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>Values as Orleans carries them: with the name of their type, to whoever knows that name.</summary>
internal static class Payload
{
    internal static IServiceProvider Services { get; } = new ServiceCollection().AddSerializer().BuildServiceProvider();

    internal static SerializerSessionPool Sessions { get; } = Services.GetRequiredService<SerializerSessionPool>();

    private static readonly Serializer<object> Serializer = Services.GetRequiredService<Serializer<object>>();

    internal static byte[] Of(object value) => Serializer.SerializeToArray(value);

    internal static object Read(byte[] payload) => Serializer.Deserialize(payload).ShouldNotBeNull();
}
