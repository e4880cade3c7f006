using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Gateway.Wire;
using OrleansChat.HubClient;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Every field of every request at its bounds, and with texts that are none.</summary>
public sealed class FieldLimitTests(FieldLimitTests.Server server) : IClassFixture<FieldLimitTests.Server>, IAsyncLifetime
{
    /// <summary>Well-formed, and whatever else.</summary>
    private static readonly string[] HostileTexts =
    [
        "\u202egnp.exe", "\u2066a\u2069\u2068", "a\u200bb\u200d\u2060\ufeff", "a" + new string('\u0301', 5_000), "\u0378\u0379", "\ud83f\udffe", "\uffff\ufdd0", "\ue000",
        "\u1100\u1161\u11a8", "\u0344\u212b", "\u2028\u2029\u0085", "\u001b[31m", "</script><!--", "'; DROP TABLE messages; --", "%s%n{0}$where",
    ];

    /// <summary>No texts at all: lone surrogates and U+0000, as JSON.</summary>
    private static readonly string[] IllFormed = ["\"\\ud800\"", "\"x\\udc00y\"", "\"\\udc00\\ud800\"", "\"a\\u0000b\""];

    private Office _office = null!;
    private RawClient _ann = null!;
    private int _calls;

    /// <summary>The group that was asked about last.</summary>
    private string _group = string.Empty;

    public static TheoryData<string> Methods => HubMatrixTests.Methods;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server.ForOneTest());
        await _office.PutAsync(_office.Acme, [.. Enumerable.Range(0, FieldLimits.MembersMax + 1).Select(number => Office.Person($"p{number}", Role.Agent))]);
        _ann = await _office.Chat.OpensSocketAsync("ann");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public void Rows_AreThoseOfTheRequests() =>
        FieldLimits.Rows(default).Keys.ShouldBe(Methods.SelectMany(method => FieldsOf(method.Data).Select(field => field.Path)), ignoreOrder: true);

    [Theory]
    [Rule("M6")]
    [Rule("C5")]
    [Rule("C6")]
    [MemberData(nameof(Methods))]
    public async Task Field_AtItsBound_IsAnsweredAndBeyondItRefused(string method)
    {
        var rows = FieldLimits.Rows(server.Time.GetUtcNow());
        List<string> wrong = [];
        foreach (var (path, _) in FieldsOf(method))
        {
            foreach (var one in rows[path])
            {
                var (code, answer) = await AnswerAsync(method, path, one.Json, one.With);
                if (code != one.Code)
                {
                    wrong.Add($"{path} {Short(one.Json)}: expected {one.Code ?? "an answer"}, got {Short(answer)}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        LogsNoDefect();
    }

    [Theory]
    [Rule("M6")]
    [MemberData(nameof(Methods))]
    public async Task Field_HostileText_EndsInAnErrorOrWorksAndComesBack(string method)
    {
        List<string> wrong = [];
        foreach (var (path, type) in FieldsOf(method).Where(field => field.Type == typeof(string) || typeof(IEnumerable<string>).IsAssignableFrom(field.Type)))
        {
            foreach (var (json, text) in HostileTexts.Select(text => (JsonSerializer.Serialize(text), (string?)text)).Concat(IllFormed.Select(json => (json, (string?)null))))
            {
                var (code, answer) = await AnswerAsync(method, path, type == typeof(string) ? json : $"[{json}]");
                if (!IsDocumented(code) || (code == FieldLimits.Shape && text is not null))
                {
                    wrong.Add($"{path} {Short(json)}: {Short(answer)}");
                }
                else if (code is null && path is ("Post.text" or "Edit.text" or "CreateGroup.title" or "Rename.title" or "React.emoji" or "SaveDraft.text")
                    && !(path == "SaveDraft.text" && string.IsNullOrWhiteSpace(text)) // No draft at all.
                    && (text is null || !(await ReadBackAsync(path, answer)).Contains(text.Normalize())))
                {
                    wrong.Add($"{path} {Short(json)}: comes back as another text");
                }
            }
        }

        wrong.ShouldBeEmpty();
        LogsNoDefect();
    }

    [Fact]
    public async Task Post_ToTheLongestConversationIdThereIs_IsStored()
    {
        var user = new string('%', UserId.CharsMax);
        var longest = ConversationId.Direct(UserId.Of(user), UserId.Of(user)).Value;
        longest.Length.ShouldBe(ConversationId.CharsMax);
        var somebody = await _office.Chat.ConnectsAsync(new HubCredentials { Token = TokenOf(user) }, user);

        await somebody.SendsAsync(longest, "to myself");

        (await somebody.ReadsAsync(longest)).ShouldBe(["to myself"]);
        (await _office.Chat.TriesToConnectAsync(new HubCredentials { Token = TokenOf(user + "%") })).Status.ShouldBe(401);

        string TokenOf(string id)
        {
            var claims = Helpdesk.Claims(id, _office.Acme);
            claims["name"] = "Percy";
            return Helpdesk.Write(claims, _office.Chat.Helpdesk.Signing);
        }
    }

    private static (string Path, Type Type)[] FieldsOf(string method)
    {
        var request = typeof(ChatHub).GetMethod(method)!.GetParameters().Single().ParameterType;
        return [.. Properties(request, method)];

        static IEnumerable<(string, Type)> Properties(Type type, string path)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var field = $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}";
                yield return (field, property.PropertyType);
                if (property.PropertyType is { IsGenericType: true } list && list.GetGenericArguments()[0] is var item && item.Namespace == type.Namespace)
                {
                    foreach (var inner in Properties(item, field + "[]"))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }

    /// <summary>Ann calls the method about a new group, everything as it should be but this one field.</summary>
    private async Task<(string? Code, string Answer)> AnswerAsync(string method, string path, string json, (string Name, string Json)? with = null)
    {
        var group = await _office.HasGroupAsync();
        _group = group;
        var seq = await _office.PostsForAsync(HubMatrix.Rows[method], group, "ann");
        var fields = JsonSerializer.SerializeToNode(HubMatrix.Rows[method].Request(new Target(group, "bob", seq)))!.AsObject();
        var parts = path.Split('.')[1..];
        string request;
        if (parts is [var list, var inner])
        {
            var item = fields[list.TrimEnd('[', ']')]![0]!.AsObject();
            request = $"{{\"{list.TrimEnd('[', ']')}\":[{Write(item, inner, json)}]{Rest(fields, list.TrimEnd('[', ']'))}}}";
        }
        else
        {
            fields.Remove(with?.Name ?? string.Empty);
            request = Write(fields, parts[0], json);
            request = with is { } other ? $"{{\"{other.Name}\":{other.Json},{request[1..]}" : request;
        }

        var completion = await _ann.InvokesAsync(method, $"[{request}]", $"{++_calls}");
        if (completion.TryGetProperty("error", out var error))
        {
            error.GetString()!.ShouldNotContain("   at ");
            return (FieldLimits.Shape, error.GetString()!);
        }

        var answer = completion.GetProperty("result");
        return (Participant.CodeOf(answer), answer.ToString());
    }

    private static string Write(JsonObject fields, string name, string json)
    {
        fields.Remove(name);
        return $"{{\"{name}\":{json}{(fields.Count == 0 ? string.Empty : ",")}{fields.ToJsonString()[1..]}";
    }

    private static string Rest(JsonObject fields, string name)
    {
        fields.Remove(name);
        return fields.Count == 0 ? string.Empty : "," + fields.ToJsonString()[1..^1];
    }

    /// <summary>An answer, or one of the codes that a caller can do something about; never that something is broken.</summary>
    private static bool IsDocumented(string? code) =>
        code is null or FieldLimits.Shape
        || (typeof(ErrorCodes).GetFields().Any(field => (string)field.GetRawConstantValue()! == code) && code is not ("timeout" or "unavailable" or "overloaded" or "rateLimited"));

    private async Task<string[]> ReadBackAsync(string path, string answer)
    {
        if (path == "SaveDraft.text")
        {
            var drafts = await _ann.InvokesAsync("Drafts", "[{}]", $"{++_calls}");
            return [.. drafts.GetProperty("result").GetProperty("drafts").EnumerateArray()
                .Where(draft => draft.GetProperty("conversationId").GetString() == _group).Select(draft => draft.GetProperty("text").GetString()!)];
        }

        var group = path == "CreateGroup.title" ? JsonElement.Parse(answer).GetProperty("conversationId").GetString()! : _group;
        var read = await _ann.InvokesAsync("History", $$"""[{"conversationId":"{{group}}","anchor":"latest"}]""", $"{++_calls}");
        var messages = read.GetProperty("result").GetProperty("messages").EnumerateArray().ToArray();
        return path switch
        {
            "React.emoji" => [.. messages.Where(message => message.TryGetProperty("reactions", out _)).SelectMany(message => message.GetProperty("reactions").EnumerateArray()).Select(reaction => reaction.GetProperty("emoji").GetString()!)],
            "CreateGroup.title" or "Rename.title" => [.. messages.Where(message => message.TryGetProperty("fact", out var fact) && fact.TryGetProperty("after", out _)).Select(message => message.GetProperty("fact").GetProperty("after").GetString()!)],
            _ => [.. messages.Select(message => message.GetProperty("text").GetString()!)],
        };
    }

    private void LogsNoDefect() => _office.Chat.Logged.ShouldNotContain(line => line.StartsWith("Error") || line.StartsWith("Critical"));

    private static string Short(string text) => text.Length <= 120 ? text : $"{text[..100]}… ({text.Length} characters)";

    public sealed class Server : SharedServer
    {
        internal override ChatSetup Setup => Office.On(new ChatSetup { Time = Time, Settings = [$"--Conversations:MembersMax={FieldLimits.MembersMax}"] });

        internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    }
}
