using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hosting;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Hosting;

/// <summary>With which settings the gateway starts, and with which it says why not.</summary>
public sealed class StartTests
{
    private static readonly (Type Options, string Section)[] Sections =
    [
        (typeof(SocketOptions), SocketOptions.Section), (typeof(CallLimitOptions), CallLimitOptions.Section),
        (typeof(FanoutOptions), FanoutOptions.Section), (typeof(TokenOptions), TokenOptions.Section),
        (typeof(DirectoryOptions), DirectoryOptions.Section), .. GrainHost.Sections,
    ];

    public static TheoryData<string, string, string, string> OutOfBounds
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var (section, option, bound) in BoundedOptions())
            {
                data.Add($"{section}:{option.Name}", Below(option, bound), $"{bound.Minimum}", $"{bound.Maximum}");
                data.Add($"{section}:{option.Name}", Above(option, bound), $"{bound.Minimum}", $"{bound.Maximum}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OutOfBounds))]
    public void Start_OptionOutOfBounds_IsRefusedNamingOptionValueAndBound(string option, string value, string minimum, string maximum)
    {
        using var folder = new TempFolder();
        var refusal = RefusalOf([.. Arguments(folder), .. new Helpdesk().Settings(), $"--{option}={value}"]);

        refusal.ShouldContain(option);
        refusal.ShouldContain($"is {value};");
        refusal.ShouldContain($"between {minimum} and {maximum}");
    }

    [Fact]
    public void Start_SettingThatIsNoNumber_IsRefusedNamingItAndItsValue()
    {
        using var folder = new TempFolder();
        var refusal = RefusalOf([.. Arguments(folder), "--Tokens:JwksUri=https://keys.example.com/jwks", "--Limits:PageMax=many"]);
        refusal.ShouldContain("Limits:PageMax");
        refusal.ShouldContain("many");
        refusal.ShouldNotContain("\n");
    }

    [Fact]
    public void Options_OfEverySection_HaveABoundThatIsNeverZeroForOff()
    {
        // A duration of nothing is a duration; a bound of zero would be one that is off.
        string[] mayBeNothing = ["RepairGrace", "TenantLinger", "ClockSkew", "DrainTime"];
        foreach (var (type, section) in Sections)
        {
            foreach (var option in type.GetProperties().Where(option => option.PropertyType.IsValueType))
            {
                var bound = option.GetCustomAttribute<RangeAttribute>().ShouldNotBeNull($"{section}:{option.Name} has no bound");
                bound.IsValid(option.GetValue(Activator.CreateInstance(type))).ShouldBeTrue($"{section}:{option.Name}: the default is out of bounds");
                if (!mayBeNothing.Contains(option.Name))
                {
                    bound.IsValid(option.PropertyType == typeof(TimeSpan) ? TimeSpan.Zero : Convert.ChangeType(0, option.PropertyType, CultureInfo.InvariantCulture))
                        .ShouldBeFalse($"{section}:{option.Name} may be zero");
                }

                bound.Maximum.ShouldNotBe(int.MaxValue);
            }
        }
    }

    [Fact]
    [Rule("S23")]
    public void Start_ProductionWithoutAnyTokenKey_IsRefusedWithAClearLine()
    {
        using var folder = new TempFolder();
        RefusalOf(Arguments(folder))
            .ShouldBe("Tokens: neither Keys nor JwksUri is set, so nobody could sign in.");
    }

    [Theory]
    [Rule("S23")]
    [InlineData("Tokens:Keys 'k' must have either Secret (HS256) or PublicKeyPem (RS256).", "--Tokens:Keys:0:Kid=k")]
    [InlineData("Tokens:Keys: a key has no Kid.", "--Tokens:Keys:0:Secret=AAAA")]
    [InlineData("Tokens:Keys 'k': Secret must be base64 of 32 bytes or more.", "--Tokens:Keys:0:Kid=k", "--Tokens:Keys:0:Secret=c2hvcnQ=")]
    [InlineData("Tokens:Keys 'k': Secret must be base64 of 32 bytes or more.", "--Tokens:Keys:0:Kid=k", "--Tokens:Keys:0:Secret=not base64 not base64 not base64 not base64!")]
    [InlineData("Tokens:Keys 'k': PublicKeyPem is not a PEM with an RSA public key of 2048 bits or more.", "--Tokens:Keys:0:Kid=k", "--Tokens:Keys:0:PublicKeyPem=nonsense")]
    [InlineData("Tokens:JwksUri must be an absolute https address (http only on loopback).", "--Tokens:JwksUri=http://keys.example.com/jwks")]
    [InlineData("Tokens:JwksUri must be an absolute https address (http only on loopback).", "--Tokens:JwksUri=/jwks")]
    [InlineData("Proxies:Known: '10.0.0.0/99' is neither an IP address nor a network such as 10.1.0.0/16.", "--Proxies:Known:0=10.0.0.0/99")]
    [InlineData("Origins:Allowed: 'https://chat.example.com/' is not an origin (scheme://host or scheme://host:port, no slash at the end).", "--Tokens:JwksUri=https://keys.example.com/jwks", "--Origins:Allowed:0=https://chat.example.com/")]
    [InlineData("Telemetry:OtlpEndpoint is ftp://otel.example.com/; it must be an http or https URL.", "--Tokens:JwksUri=https://keys.example.com/jwks", "--Telemetry:OtlpEndpoint=ftp://otel.example.com/")]
    [InlineData("Telemetry:ExportInterval is 00:00:00; it must be between 00:00:00.1000000 and 00:10:00.", "--Tokens:JwksUri=https://keys.example.com/jwks", "--Telemetry:ExportInterval=00:00:00")]
    [InlineData("Origins:Allowed: '*' is not an origin (scheme://host or scheme://host:port, no slash at the end).", "--Tokens:JwksUri=https://keys.example.com/jwks", "--Origins:Allowed:0=*")]
    public void Start_SettingThatCannotWork_IsRefusedWithAClearLine(string line, params string[] settings)
    {
        using var folder = new TempFolder();
        RefusalOf([.. Arguments(folder), .. settings]).ShouldBe(line);
    }

    [Fact]
    [Rule("G1")]
    [Rule("G2")]
    [Rule("G3")]
    [Rule("G8")]
    public async Task Settings_OfSignalRAndKestrel_AreTheOnesThatWereDecided()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { DefaultLimits = true });
        var hub = chat.Services.GetRequiredService<IOptions<HubOptions<ChatHub>>>().Value;
        hub.MaximumReceiveMessageSize.ShouldBe(128 * 1024);
        hub.HandshakeTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        hub.KeepAliveInterval.ShouldBe(TimeSpan.FromSeconds(10));
        hub.ClientTimeoutInterval.ShouldBe(TimeSpan.FromSeconds(25));
        hub.MaximumParallelInvocationsPerClient.ShouldBe(1);
        hub.EnableDetailedErrors.ShouldBe(false);
        hub.StatefulReconnectBufferSize.ShouldBe(0);
        hub.SupportedProtocols.ShouldBe(["json"]);

        var json = chat.Services.GetRequiredService<IOptions<JsonHubProtocolOptions>>().Value.PayloadSerializerOptions;
        json.MaxDepth.ShouldBe(16);
        json.UnmappedMemberHandling.ShouldBe(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip);

        var connections = new HttpConnectionDispatcherOptions();
        SessionSettings.Configure(connections, chat.Services.GetRequiredService<IOptions<SocketOptions>>().Value);
        connections.Transports.ShouldBe(HttpTransportType.WebSockets);
        connections.TransportMaxBufferSize.ShouldBe(32 * 1024);
        connections.ApplicationMaxBufferSize.ShouldBe(64 * 1024);
        connections.TransportSendTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        connections.WebSockets.CloseTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        connections.CloseOnAuthenticationExpiration.ShouldBeTrue();
        connections.AllowStatefulReconnects.ShouldBeFalse();

        var kestrel = chat.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        kestrel.Limits.MaxConcurrentUpgradedConnections.ShouldBe(11_000);
        kestrel.Limits.MaxRequestBodySize.ShouldBe(256 * 1024);
        kestrel.Limits.RequestHeadersTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        kestrel.AddServerHeader.ShouldBeFalse();

        var sockets = chat.Services.GetRequiredService<IOptions<SocketOptions>>().Value;
        (sockets.QueueFramesMax, sockets.QueueBytesMax, sockets.BlockedTimeout).ShouldBe((256, 256 * 1024, TimeSpan.FromSeconds(5)));
        var limits = chat.Services.GetRequiredService<IOptions<CallLimitOptions>>().Value;
        (limits.SendPerSecond, limits.SendBurst, limits.HistoryPerSecond, limits.HistoryBurst, limits.ReadMarksPerSecond).ShouldBe((5, 10, 5, 20, 5));
        (limits.ConnectsPerMinute, limits.FailedHandshakesPerMinute, limits.TenantSendPerSecond).ShouldBe((30, 60, 500));
        limits.CallTimeout.ShouldBe(TimeSpan.FromSeconds(8));
    }

    [Fact]
    [Rule("S2")]
    public void Methods_OfTheHub_SayTheirRateAndTheirAnswer()
    {
        foreach (var method in typeof(ChatHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            method.GetCustomAttribute<LimitedAttribute>().ShouldNotBeNull($"{method.Name} has no rate");
            method.GetCustomAttribute<AnswersAttribute>().ShouldNotBeNull($"{method.Name} has no answer");
            method.GetParameters().ShouldHaveSingleItem($"{method.Name} takes one object");
        }
    }

    private static IEnumerable<(string Section, PropertyInfo Option, RangeAttribute Bound)> BoundedOptions()
    {
        foreach (var (type, section) in Sections)
        {
            foreach (var option in type.GetProperties())
            {
                if (option.GetCustomAttribute<RangeAttribute>() is { } bound)
                {
                    bound.IsValid(option.GetValue(Activator.CreateInstance(type))); // Makes the bounds values of the option's type.
                    yield return (section, option, bound);
                }
            }
        }
    }

    private static string Below(PropertyInfo option, RangeAttribute bound) =>
        option.PropertyType == typeof(TimeSpan)
            ? $"{(TimeSpan)bound.Minimum - TimeSpan.FromMilliseconds(1)}"
            : option.PropertyType == typeof(double) ? "0" : $"{(int)bound.Minimum - 1}";

    private static string Above(PropertyInfo option, RangeAttribute bound) =>
        option.PropertyType == typeof(TimeSpan) ? $"{(TimeSpan)bound.Maximum + TimeSpan.FromSeconds(1)}" : $"{Convert.ToInt64(bound.Maximum, CultureInfo.InvariantCulture) + 1}";

    /// <summary>What the gateway says instead of starting.</summary>
    private static string RefusalOf(string[] arguments) => Should.Throw<OptionsValidationException>(async () =>
    {
        await using var app = GatewayHost.Build(arguments);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }).Message;

    private static string[] Arguments(TempFolder folder) =>
        ["--urls=http://127.0.0.1:0", "--environment=Production", .. GrainHost.SettingsOf(folder.File("chat.db")), $"--KeysPath={folder.File("keys")}", "--Logging:LogLevel:Default=None"];
}
