using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using OrleansChat.Gateway.Hosting;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Grains.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Contracts.Tests;

/// <summary>docs/protocol.md and the code say the same, in both directions.</summary>
public sealed partial class ProtocolTests
{
    private readonly ProtocolPage _page = ProtocolPage.Read();

    [Fact]
    public void Methods_OfThePage_AreThoseOfTheHub() =>
        _page.Below("Methods").Order(StringComparer.Ordinal).ShouldBe(HubMethods().Select(method => method.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Requests_OfThePage_AreThoseOfTheHub()
    {
        foreach (var method in HubMethods())
        {
            _page.Fields($"Methods/{method.Name}", "request")
                .ShouldBe(FieldsOf(method.GetParameters().Single().ParameterType), $"request of {method.Name}");
        }
    }

    [Fact]
    public void Answers_OfThePage_AreThoseOfTheHub()
    {
        foreach (var method in HubMethods())
        {
            var answer = method.GetCustomAttribute<AnswersAttribute>().ShouldNotBeNull(method.Name).Answer;
            answer.BaseType.ShouldBe(typeof(Answer));
            _page.Fields($"Methods/{method.Name}", "answer").ShouldBe(FieldsOf(answer), $"answer of {method.Name}");
        }
    }

    [Fact]
    public void Events_OfThePage_AreThoseOfTheCode()
    {
        var names = Constants(typeof(EventNames));
        _page.Below("Events").Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var payload = typeof(EventNames).Assembly.GetType($"{typeof(EventNames).Namespace}.{char.ToUpperInvariant(name[0])}{name[1..]}Event");
            payload.ShouldNotBeNull($"{name} has no payload type");
            _page.Fields($"Events/{name}", "field").ShouldBe(FieldsOf(payload), name);
        }
    }

    [Fact]
    public void Types_OfThePage_AreThoseOfTheCode()
    {
        var types = typeof(WireMessage).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(WireMessage).Namespace && type.Name.StartsWith("Wire", StringComparison.Ordinal)
                && type.IsClass && !(type.IsAbstract && type.IsSealed) && type.Name is not "WireJsonContext" && !type.IsNested)
            .ToDictionary(NameOf, StringComparer.Ordinal);
        _page.Below("Types").Order(StringComparer.Ordinal).ShouldBe(types.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, type) in types)
        {
            _page.Fields($"Types/{name}", "field").ShouldBe(FieldsOf(type), name);
        }
    }

    [Fact]
    public void Errors_OfThePage_AreThoseOfTheCode()
    {
        var codes = Constants(typeof(ErrorCodes)).Order(StringComparer.Ordinal).ToList();
        _page.Table("Errors", "code").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal).ShouldBe(codes);
        foreach (var method in _page.Below("Methods"))
        {
            var errors = ErrorsLine().Match(_page.Text($"Methods/{method}"));
            errors.Success.ShouldBeTrue($"{method} names no errors");
            Code().Matches(errors.Groups[1].Value).Select(match => match.Groups[1].Value).ShouldBeSubsetOf(codes, method);
        }
    }

    [Fact]
    public void ClosingCodes_OfThePage_AreThoseOfTheCode() =>
        _page.Table("Closing codes", "code").Select(row => $"{row[0]} {row[1].Trim('`')}")
            .ShouldBe(Enum.GetValues<ClosingCode>().Select(code => $"{(int)code} {char.ToLowerInvariant($"{code}"[0])}{$"{code}"[1..]}"));

    [Fact]
    [Rule("G1")]
    public void Bounds_OfThePage_AreTheDefaultsOfTheOptions()
    {
        var (sockets, limits) = (new SocketOptions(), new CallLimitOptions());
        _page.Table("Connection", "bound").ToDictionary(row => row[0], row => row[1]).ShouldBe(
            new Dictionary<string, string>
            {
                ["frame from the client"] = $"{sockets.ReceiveBytesMax / 1024} KiB",
                ["nesting of JSON"] = $"{sockets.JsonDepthMax}",
                ["messages from the client, of whatever kind"] = FormattableString.Invariant($"{sockets.MessagesPerSecond} / s, {sockets.MessagesBurst:N0} at once"),
                ["handshake after opening"] = $"{sockets.HandshakeTimeout.TotalSeconds} s",
                ["silence of the client (pings count)"] = $"{sockets.ClientTimeout.TotalSeconds} s",
                ["frames to one session not yet taken"] = $"{sockets.QueueFramesMax} frames or {sockets.QueueBytesMax / 1024} KiB",
                ["a write that the client does not take"] = $"{sockets.BlockedTimeout.TotalSeconds} s",
                ["connects"] = $"{limits.ConnectsPerMinute} / min per person",
                ["failed handshakes"] = $"{limits.FailedHandshakesPerMinute} / min per address",
            },
            ignoreOrder: true);
        _page.Text("Methods/Post").ShouldContain($"At most {limits.SendPerSecond}/s per person, in bursts of up to {limits.SendBurst}, and\n{limits.TenantSendPerSecond}/s per tenant and gateway.");
        _page.Text("Methods/Post").ShouldContain(FormattableString.Invariant($"1–{limits.TextScalarsMax:N0} Unicode scalars, ≤ {limits.TextBytesMax:N0} bytes"));
        _page.Text("Methods/History").ShouldContain($"At most {limits.HistoryPerSecond}/s, in bursts of {limits.HistoryBurst},");
        _page.Text("Methods/MarkRead").ShouldContain($"At most {limits.ReadMarksPerSecond}/s.");
        _page.Text("Methods/Activity").ShouldContain($"At most {limits.ActivityPerSecond}/s,\nin bursts of {limits.ActivityBurst},");
        _page.Text("Methods/Watch").ShouldContain($"At most {limits.WatchPerSecond}/s, in\nbursts of {limits.WatchBurst},");
        _page.Text("Methods/Watch").ShouldContain($"0–{limits.WatchUsersMax} user ids");
        _page.Text("Methods/View").ShouldContain($"0–{limits.ViewConversationsMax};");
        _page.Text("Methods/Typing").ShouldContain($"at most {limits.TypingPerSecond}/s, in bursts of {limits.TypingBurst}.");
        _page.Text("Methods/SaveDraft").ShouldContain($"At most {limits.DraftsPerSecond}/s, in bursts of {limits.DraftsBurst},");
        _page.Text("Methods/SaveDraft").ShouldContain($"you have {new InboxOptions().DraftsMax} drafts");
        _page.Text("Errors").ShouldContain($"you have {new InboxOptions().DraftsMax} drafts");
        _page.Text("Methods").ShouldContain($"within {limits.CallTimeout.TotalSeconds} s");
        var names = $"1–{new DirectoryOptions().NameScalarsMax} scalars";
        _page.Text("HTTP").ShouldContain($"`name`\n({names}");
        _page.Table("HTTP/Provisioning", "field").Single(row => row[0] == "`name`")[2].ShouldBe(names);
    }

    [Fact]
    [Rule("S15")]
    public void WrittenDepth_OfWhateverIsWritten_HoldsTheDeepestOfTheTypes()
    {
        var written = typeof(WireJsonContext).GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)
            .ToArray();
        written.ShouldContain(typeof(SyncAnswer));

        // An event lies in the arguments of its message, an answer in the message itself.
        written.Max(type => DepthOf(type) + 2).ShouldBeLessThanOrEqualTo(WireJson.WrittenDepthMax);
        new SocketOptions().JsonDepthMax.ShouldBeGreaterThanOrEqualTo(WireJson.WrittenDepthMax);

        static int DepthOf(Type type)
        {
            var item = type.IsArray
                ? type.GetElementType()
                : type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;
            return item is not null ? 1 + DepthOf(item)
                : Nullable.GetUnderlyingType(type) is { } value ? DepthOf(value)
                : type.Namespace == typeof(Answer).Namespace && type.IsClass
                    ? 1 + type.GetProperties().Select(property => DepthOf(property.PropertyType)).DefaultIfEmpty(0).Max()
                    : 0;
        }
    }

    [Fact]
    public void Routes_OfThePage_AreThoseOfTheGateway()
    {
        using var folder = new TempFolder();
        var app = GatewayHost.Build(
        [
            "--environment=Development", $"--Store:Path={folder.File("chat.db")}", "--Cluster:ConnectionString=Host=nowhere", $"--KeysPath={folder.File("keys")}",
        ]);
        IEnumerable<string> routes =
        [
            .. from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
               let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
               where !pattern.Contains("{*", StringComparison.Ordinal) && !pattern.StartsWith("/hub", StringComparison.Ordinal)
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
               select $"{method} {pattern}",
        ];
        _page.Table("HTTP", "route").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal).ShouldBe(routes.Order(StringComparer.Ordinal));
    }

    private static MethodInfo[] HubMethods() =>
        typeof(ChatHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    private static IReadOnlyList<string> Constants(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>The fields of a wire type as they are written, with the page's words for their types.</summary>
    private static IReadOnlyList<string> FieldsOf(Type type)
    {
        var contract = WireJson.Options.GetTypeInfo(type);
        var inherited = typeof(Answer).IsAssignableFrom(type) ? new HashSet<string> { "ok", "error" } : [];
        return
        [
            .. contract.Properties.Where(property => !inherited.Contains(property.Name))
                .Select(property => $"{property.Name}: {NameOf(property.PropertyType)}").Order(StringComparer.Ordinal),
        ];
    }

    private static string NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(string) => "string",
        var plain when plain == typeof(int) || plain == typeof(long) => "integer",
        var plain when plain == typeof(bool) => "boolean",
        var plain when plain == typeof(Guid) => "UUID",
        var plain when plain == typeof(DateTimeOffset) => "time",
        { IsGenericType: true } list when list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => NameOf(list.GetGenericArguments()[0]) + "[]",
        var wire when wire.Name.StartsWith("Wire", StringComparison.Ordinal) => wire.Name[4..],
        var other => other.Name,
    };

    [GeneratedRegex("^Errors: (.+)$", RegexOptions.Multiline)]
    private static partial Regex ErrorsLine();

    [GeneratedRegex("`([a-zA-Z]+)`")]
    private static partial Regex Code();
}
