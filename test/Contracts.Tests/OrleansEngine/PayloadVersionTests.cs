using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>Two versions side by side read each other: what the older one does not know it passes over, what it does not send stays as in a new object.</summary>
public sealed class PayloadVersionTests
{
    /// <summary>Ends what was begun, a value with members.</summary>
    private const byte EndOfObject = 0xE0;

    public static TheoryData<string> Contracts => [.. ValueTypes.Where(type => !type.IsEnum).Select(AliasOf)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_WithMembersOfALaterVersion_IsReadWithoutThem(string alias)
    {
        var value = ContractValues.Full(ValueTypes.Single(type => AliasOf(type) == alias));
        var payload = Payload.Of(value);
        payload[^1].ShouldBe(EndOfObject);

        byte[] later = [.. payload[..^1], .. Renamed(UnknownMembers(), "chat.Head", "chat.Tail"), EndOfObject];

        ContractText.Of(Payload.Read(later)).ShouldBe(ContractText.Of(value));
    }

    [Fact]
    public void Contract_OfALaterVersionWithinAnArray_IsReadWithoutItsNewMember()
    {
        ImmutableArray<LaterFact> sent = [Later("a"), Later("b")];
        var payload = Payload.Services.GetRequiredService<Serializer<ImmutableArray<LaterFact>>>().SerializeToArray(sent);

        var read = Payload.Services.GetRequiredService<Serializer<ImmutableArray<SystemFact>>>().Deserialize(payload);

        read.Select(fact => (fact.Kind, fact.After, fact.Targets.Length)).ShouldBe([(SystemFactKind.Renamed, "a", 1), (SystemFactKind.Renamed, "b", 1)]);
    }

    [Fact]
    public void Contract_OfAnEarlierVersion_IsReadWithTheNewMemberAsInANewObject()
    {
        var payload = Payload.Services.GetRequiredService<Serializer<SystemFact>>()
            .SerializeToArray(new SystemFact { Kind = SystemFactKind.Renamed, Targets = [UserId.Of("ann")], After = "Daily" });

        var read = Payload.Services.GetRequiredService<Serializer<LaterFact>>().Deserialize(payload).ShouldNotBeNull();

        (read.Kind, read.After, read.Reason, read.Visible).ShouldBe((SystemFactKind.Renamed, "Daily", null, true));
        read.Targets.ShouldBe([UserId.Of("ann")]);
    }

    [Fact]
    public void Enum_WithAValueOfALaterVersion_KeepsIt()
    {
        var fact = new SystemFact { Kind = (SystemFactKind)99 };
        ((SystemFact)Payload.Read(Payload.Of(fact))).Kind.ShouldBe((SystemFactKind)99);
    }

    /// <summary>The payload as if it held a type that only the later version knows.</summary>
    private static byte[] Renamed(byte[] payload, string alias, string unknown)
    {
        var text = Encoding.Latin1.GetString(payload);
        text.ShouldContain(alias);
        unknown.Length.ShouldBe(alias.Length);
        return Encoding.Latin1.GetBytes(text.Replace(alias, unknown, StringComparison.Ordinal));
    }

    private static LaterFact Later(string title) =>
        new() { Kind = SystemFactKind.Renamed, Targets = [UserId.Of("ann")], After = title, Reason = "because", Visible = false };

    /// <summary>One member of each shape that values have on the wire, with numbers that no contract has.</summary>
    private static byte[] UnknownMembers()
    {
        var codecs = Payload.Services.GetRequiredService<CodecProvider>();
        var buffer = new ArrayBufferWriter<byte>();
        using var session = Payload.Sessions.GetSession();
        var writer = Writer.Create(buffer, session);
        Int64Codec.WriteField(ref writer, 1_000, long.MaxValue);
        StringCodec.WriteField(ref writer, 1, "later");
        GuidCodec.WriteField(ref writer, 1, Guid.AllBitsSet);
        DoubleCodec.WriteField(ref writer, 1, 0.5);
        codecs.GetCodec<SystemFact>().WriteField(ref writer, 1, typeof(SystemFact), new SystemFact { Kind = SystemFactKind.Left });
        codecs.GetCodec<object>().WriteField(ref writer, 1, typeof(object), new Head { Rev = 1, Seq = 1 });
        codecs.GetCodec<ImmutableArray<UserId>>().WriteField(ref writer, 1, typeof(ImmutableArray<UserId>), [UserId.Of("ann"), UserId.Of("bob")]);
        writer.Commit();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What <see cref="SystemFact"/> might become: it has gained two members.</summary>
[GenerateSerializer, Immutable, Alias("chat.test.LaterFact")]
internal sealed record LaterFact
{
    [Id(0)]
    public required SystemFactKind Kind { get; init; }

    [Id(1)]
    public ImmutableArray<UserId> Targets { get; init; } = [];

    [Id(2)]
    public string? Before { get; init; }

    [Id(3)]
    public string? After { get; init; }

    [Id(4)]
    public string? Reason { get; init; }

    [Id(5)]
    public bool Visible { get; init; } = true;
}
