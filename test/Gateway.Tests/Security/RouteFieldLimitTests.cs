using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Gateway.Wire;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Every field that an HTTP route takes, found by reflection, at its edges.</summary>
public sealed class RouteFieldLimitTests
{
    /// <summary>Bodies as they should be, but for one field at a time.</summary>
    private static readonly Dictionary<string, string> Bodies = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PUT /api/provisioning/tenant"] = """{"permissions":{}}""",
        ["PUT /api/provisioning/people"] = """{"people":[{"userId":"new","name":"New","role":"agent"}]}""",
        ["POST /api/audit/readings"] = """{"conversationId":"<group>","reason":"why","minutes":5}""",
        ["PUT /api/retention/conversations/{id}"] = "{}",
        ["POST /api/development/session"] = "{}",
    };

    [Theory]
    [Rule("S14")]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task EveryField_AtItsEdges_IsTakenOrRefused(string environment)
    {
        await using var office = await Office.OpenAsync(new ChatSetup { Environment = environment });
        var fields = FieldsOf(office);
        fields.Where(field => !RouteFieldLimits.Rows.ContainsKey(field)).ShouldBeEmpty("each field has a row");
        var group = await office.HasGroupAsync();
        List<string> wrong = [];
        foreach (var field in fields)
        {
            foreach (var (value, expected) in RouteFieldLimits.Rows[field])
            {
                var (status, body) = await AnswerAsync(office, group, field, value);
                if (status != expected)
                {
                    wrong.Add($"{field} {(value.Length > 60 ? value[..60] : value)}: {status}, not {expected}: {(body.Length > 200 ? body[..200] : body)}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_AreThoseOfTheGateway()
    {
        HashSet<string> fields = [];
        foreach (var environment in (string[])["Production", "Development"])
        {
            await using var office = await Office.OpenAsync(new ChatSetup { Environment = environment });
            fields.UnionWith(FieldsOf(office));
        }

        RouteFieldLimits.Rows.Keys.ShouldBe(fields, ignoreOrder: true);
    }

    private static List<string> FieldsOf(Office office)
    {
        List<string> fields = [];
        foreach (var endpoint in office.Chat.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var route = $"{(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var method, ..] ? method : "*")} {endpoint.RoutePattern.RawText}";
            if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body && body.Namespace == typeof(Answer).Namespace)
            {
                fields.AddRange(PathsOf(body, string.Empty).Select(path => $"{route} {path}"));
            }

            var ofThePath = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet();
            var parameters = endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [];
            fields.AddRange(parameters
                .Where(parameter => !ofThePath.Contains(parameter.Name!) && (parameter.ParameterType == typeof(string) || parameter.ParameterType.IsPrimitive
                    || Nullable.GetUnderlyingType(parameter.ParameterType) is not null))
                .Select(parameter => $"{route} ?{parameter.Name}"));
        }

        return [.. fields.Distinct()];
    }

    private static IEnumerable<string> PathsOf(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            yield return path;
            var list = property.PropertyType is { IsGenericType: true } generic && Nullable.GetUnderlyingType(generic) is null;
            var item = list ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            if (item.Namespace == type.Namespace)
            {
                foreach (var inner in PathsOf(item, path + (list ? "[]." : ".")))
                {
                    yield return inner;
                }
            }
        }
    }

    private static async Task<(int Status, string Body)> AnswerAsync(Office office, string group, string field, string value)
    {
        var (method, pattern, path) = (field.Split(' ')[0], field.Split(' ')[1], field.Split(' ')[2]);
        var address = pattern.Replace("{id}", Uri.EscapeDataString(group), StringComparison.Ordinal);
        var token = pattern.StartsWith("/api/provisioning", StringComparison.Ordinal)
            ? office.Chat.Helpdesk.ServiceToken()
            : office.Chat.Helpdesk.TokenAs("olga", "owner");
        var origin = method == "POST" && pattern.StartsWith("/api/development", StringComparison.Ordinal) ? office.Chat.OwnOrigin : null;
        using var content = path.StartsWith('?')
            ? null
            : new StringContent(Write(Bodies[$"{method} {pattern}"].Replace("<group>", group, StringComparison.Ordinal), path, value), Encoding.UTF8, "application/json");
        using var answer = await office.Chat.SendsAsync(
            HttpMethod.Parse(method), path.StartsWith('?') ? $"{address}{path}={Uri.EscapeDataString(value)}" : address, token, origin: origin, content: content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The body with one field as the case says, which need not be well-formed text.</summary>
    private static string Write(string body, string path, string json)
    {
        const string here = "\u0001here";
        var root = JsonNode.Parse(body)!;
        var at = root;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            at = name.EndsWith("[]", StringComparison.Ordinal) ? at![name[..^2]]![0] : at![name];
        }

        at!.AsObject()[names[^1]] = here;
        return root.ToJsonString().Replace(JsonSerializer.Serialize(here), json, StringComparison.Ordinal);
    }
}
