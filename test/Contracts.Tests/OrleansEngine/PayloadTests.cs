using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using OrleansChat.Conversations;
using OrleansChat.Grains.Hosting;
using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>What crosses a grain interface arrives as it was sent.</summary>
public sealed class PayloadTests
{
    private const int Seeds = 25;

    public static TheoryData<string> Contracts => [.. ValueTypes.Select(AliasOf)];

    public static TheoryData<string> Parameters => [.. ParametersAndResults.Keys];

    private static Dictionary<string, Type> ParametersAndResults { get; } = Methods
        .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Concat(method.ReturnType.GetGenericArguments()))
        .Where(type => type != typeof(CancellationToken))
        .Distinct()
        .ToDictionary(type => type.ToString());

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_OfAnyValue_ArrivesAsItWasSent(string alias)
    {
        var type = ValueTypes.Single(type => AliasOf(type) == alias);
        foreach (var value in ValuesOf(type))
        {
            var payload = Payload.Of(value);
            var arrived = Payload.Read(payload);

            arrived.ShouldBeOfType(type);
            ContractText.Of(arrived).ShouldBe(ContractText.Of(value));
            var text = Encoding.Latin1.GetString(payload);
            text.ShouldContain(alias);
            text.ShouldNotContain("OrleansChat", Case.Insensitive, "names of the code are not on the wire");
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void ParameterOrResult_OfAnyValue_ArrivesAsItWasSent(string name)
    {
        foreach (var value in ValuesOf(Nullable.GetUnderlyingType(ParametersAndResults[name]) ?? ParametersAndResults[name]))
        {
            ContractText.Of(Payload.Read(Payload.Of(value))).ShouldBe(ContractText.Of(value));
        }
    }

    /// <summary>Within a silo nothing is serialized but copied; what cannot change is not even that.</summary>
    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_WithinASilo_IsNotCopied(string alias)
    {
        var type = ValueTypes.Single(type => AliasOf(type) == alias);
        var value = ContractValues.Full(type);
        var copy = Payload.Services.GetRequiredService<DeepCopier>().Copy(value);

        ContractText.Of(copy).ShouldBe(ContractText.Of(value));
        if (!type.IsValueType && !IsException(type))
        {
            copy.ShouldBeSameAs(value);
        }
    }

    /// <summary>The database's exceptions are known where the grains are, and nowhere else.</summary>
    [Fact]
    public void StoreUnavailable_BecauseOfTheDatabase_IsWhatTheCallerGets()
    {
        using var silo = new ServiceCollection().AddSerializer().AddChatGrains().BuildServiceProvider();
        foreach (var reason in new Exception[]
        {
            new NpgsqlException("broken pipe", new IOException("reset")),
            new PostgresException("broken pipe", "FATAL", "FATAL", "57P01", detail: "by the operator"),
        })
        {
            var thrown = new StoreUnavailableException("no answer", reason);
            foreach (var caught in new[]
            {
                Payload.Read(silo.GetRequiredService<Serializer<object>>().SerializeToArray(thrown)),
                silo.GetRequiredService<DeepCopier>().Copy<object>(thrown),
            })
            {
                var exception = caught.ShouldBeOfType<StoreUnavailableException>();
                exception.Message.ShouldBe("no answer");
                exception.InnerException.ShouldNotBeNull().Message.ShouldContain("broken pipe");
            }
        }
    }

    /// <summary>Why a text is judged before it enters a call: what is no text does not arrive as it was.</summary>
    [Fact]
    public void Text_WithALoneSurrogate_ArrivesAsAnotherOne() =>
        Payload.Read(Payload.Of("a\uD834b")).ShouldBe("a\uFFFDb");

    /// <summary>What the engine itself and our grains throw besides exceptions of ours.</summary>
    [Fact]
    public void Exceptions_OfTheFramework_ArriveAsTheyAre()
    {
        foreach (var sent in new Exception[]
        {
            new TimeoutException("late"), new OperationCanceledException("cancelled"), new TaskCanceledException("ended"), new InvalidOperationException("defect"),
            new FormatException("no key"), new ArgumentOutOfRangeException("limit", 0, "too small"),
        })
        {
            var arrived = (Exception)Payload.Read(Payload.Of(sent));
            (arrived.GetType(), arrived.Message).ShouldBe((sent.GetType(), sent.Message));
        }
    }

    private static ImmutableArray<object> ValuesOf(Type type) =>
        [ContractValues.Full(type), ContractValues.Bare(type), .. Enumerable.Range(0, Seeds).Select(seed => ContractValues.Any(type, seed))];
}
