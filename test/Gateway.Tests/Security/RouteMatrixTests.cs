using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Every HTTP route × everybody who might call it.</summary>
public sealed class RouteMatrixTests
{
    [Theory]
    [Rule("R1")]
    [Rule("R3")]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task EveryRoute_AskedByWhomever_IsAnsweredToThoseWhoMayAlone(string environment)
    {
        await using var office = await Office.OpenAsync(new ChatSetup { Environment = environment });
        var routes = RoutesOf(office);
        routes.Where(route => !RouteMatrix.Rows.ContainsKey(route)).ShouldBeEmpty("each route has a row");
        var group = await office.HasGroupAsync();
        var olga = office.Chat.Helpdesk.TokenAs("olga", "owner");
        var (_, opened) = await AnswerAsync(office, "POST /api/audit/readings", olga, new RouteIds(group, string.Empty));
        var ids = new RouteIds(group, JsonElement.Parse(opened).GetProperty("id").GetString()!);
        var unknown = new RouteIds(ConversationId.Of(Guid.CreateVersion7()).Value, $"{Guid.CreateVersion7()}");
        var foreign = office.Chat.Helpdesk.TokenAs("olga", "owner", office.Globex);

        foreach (var route in routes)
        {
            await office.ShutsOutAsync(); // The route before may have put another policy in force.
            var row = RouteMatrix.Rows[route];
            (string Who, string? Token, int Expected)[] callers =
            [
                ("member", office.Chat.Helpdesk.Token("ann"), row.Agent),
                ("no member", office.Chat.Helpdesk.Token("eve"), row.Agent),
                ("removed member", office.Chat.Helpdesk.Token("rae"), row.Agent),
                ("owner of another tenant", foreign, row.OtherTenant),
                ("restricted role", office.Chat.Helpdesk.TokenAs("rex", "admin"), row.Restricted),
                ("deactivated", office.Chat.Helpdesk.Token("dan"), row.Deactivated),
                ("anonymous", null, row.Anonymous),
                ("owner", olga, row.Owner),
                ("service of another tenant", office.Chat.Helpdesk.ServiceToken(office.Globex), row.Service),
                ("service", office.Chat.Helpdesk.ServiceToken(), row.Service),
            ];
            foreach (var (who, token, expected) in callers)
            {
                var (status, body) = await AnswerAsync(office, route, token, ids);
                if (IsPage(route) && status == 404)
                {
                    continue; // The page was not built; nobody has it.
                }

                status.ShouldBe(expected, $"{route} asked by {who}: {body}");
                if (who.EndsWith("of another tenant", StringComparison.Ordinal) || status >= 400)
                {
                    body.ShouldNotContain(Office.Canary, Case.Insensitive, $"{route} asked by {who}");
                }
            }

            (await AnswerAsync(office, route, foreign, ids)).ShouldBe(Known(await AnswerAsync(office, route, foreign, unknown)), $"{route}: ids of another tenant are unknown ones");

            (int, string) Known((int Status, string Body) answer) => (answer.Status, answer.Body.Replace(unknown.Conversation, ids.Conversation, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Rows_AreThoseOfTheGateway()
    {
        HashSet<string> routes = [];
        foreach (var environment in (string[])["Production", "Development"])
        {
            await using var office = await Office.OpenAsync(new ChatSetup { Environment = environment });
            routes.UnionWith(RoutesOf(office));
        }

        RouteMatrix.Rows.Keys.ShouldBe(routes, ignoreOrder: true);
    }

    private static List<string> RoutesOf(Office office) =>
    [
        .. office.Chat.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => $"{Methods(endpoint)} {endpoint.RoutePattern.RawText}").Distinct(),
    ];

    private static string Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: { Count: > 0 } methods } ? string.Join(',', methods.Where(method => method != "OPTIONS")) : "*";

    private static bool IsPage(string route) => route.StartsWith("GET,HEAD {*path", StringComparison.Ordinal);

    private static async Task<(int Status, string Body)> AnswerAsync(Office office, string route, string? token, RouteIds ids)
    {
        var row = RouteMatrix.Rows[route];
        var method = route.Split(' ')[0] is "*" or "GET,HEAD" ? "GET" : route.Split(' ')[0];
        using var content = row.Body is { } body ? new StringContent(body(ids), Encoding.UTF8, "application/json") : null;
        using var answer = await office.Chat.SendsAsync(HttpMethod.Parse(method), row.Path?.Invoke(ids) ?? route.Split(' ')[1], token, content: content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
