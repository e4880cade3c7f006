namespace OrleansChat.Gateway.Tests.Security;

/// <summary>Ids of acme that a route can name.</summary>
internal sealed record RouteIds(string Conversation, string Reading);

/// <summary>What a route answers to whom, as statuses.</summary>
/// <param name="Agent">To Ann, to Eve who is no member of the conversation, and to Rae who was removed from it.</param>
/// <param name="Owner">To the tenant's owner.</param>
/// <param name="OtherTenant">To the owner of the other tenant, who has the same id and names acme's conversation and reading.</param>
/// <param name="Restricted">To Rex, whose role has every permission but <c>chat.use</c>, and so none that counts.</param>
/// <param name="Deactivated">To Dan.</param>
/// <param name="Anonymous">To nobody.</param>
/// <param name="Service">To the helpdesk's back end, of either tenant.</param>
internal sealed record RouteRow(int Agent, int Owner, int OtherTenant, int Restricted, int Deactivated, int Anonymous, int Service)
{
    /// <summary>Where it is; null: where the pattern says.</summary>
    internal Func<RouteIds, string>? Path { get; init; }

    /// <summary>What it is sent; null for nothing.</summary>
    internal Func<RouteIds, string>? Body { get; init; }
}

/// <summary>Every HTTP route, by method and pattern; <c>*</c> is any method. A route without a row fails the matrix.</summary>
internal static class RouteMatrix
{
    internal static readonly IReadOnlyDictionary<string, RouteRow> Rows = new Dictionary<string, RouteRow>(StringComparer.Ordinal)
    {
        ["GET /api/session"] = new(200, 200, 200, 401, 401, 401, 401),
        ["POST /api/session"] = new(204, 204, 204, 403, 403, 401, 403),
        ["DELETE /api/session"] = Everybody(204),
        ["GET /api/embedding"] = Everybody(404), // Below /embed/{tenant}: PanelTests.
        ["GET /api/provisioning/tenant"] = Services(200),
        ["PUT /api/provisioning/tenant"] = Services(200) with { Body = _ => "{}" },
        ["GET /api/provisioning/people"] = Services(200),
        ["PUT /api/provisioning/people"] = Services(200) with { Body = _ => """{"people":[]}""" },
        ["GET /api/audit"] = Owners(200, 200),
        ["POST /api/audit/readings"] = Owners(201, 404) with { Body = ids => $$"""{"conversationId":"{{ids.Conversation}}","reason":"why","minutes":5}""" },
        ["GET /api/audit/readings/{id}/messages"] = Owners(200, 404) with { Path = ids => $"/api/audit/readings/{ids.Reading}/messages" },
        ["GET /api/export"] = Owners(200, 200),
        ["PUT /api/retention/conversations/{id}"] = Owners(200, 404) with
        {
            Path = ids => $"/api/retention/conversations/{Uri.EscapeDataString(ids.Conversation)}", Body = _ => """{"days":36500}""",
        },
        ["GET /api/retention/preview"] = Owners(200, 200),
        ["* /api/development/{**path}"] = Everybody(404) with { Path = _ => "/api/development/people" },
        ["GET /api/development/people"] = Everybody(200),
        ["POST /api/development/session"] = Everybody(404) with { Body = _ => """{"userId":"eve"}""" },
        ["GET /openapi/{documentName}.json"] = Everybody(200) with { Path = _ => "/openapi/v1.json" },
        ["* /health/live"] = Everybody(200),
        ["* /health/ready"] = Everybody(200),
        ["* /hub"] = Everybody(404),
        ["* /hub/negotiate"] = Everybody(404),
        ["GET,HEAD {*path:nonfile:regex(^(?!api/|hub$|health/).*$)}"] = Everybody(200) with { Path = _ => "/" },
    };

    private static RouteRow Everybody(int status) => new(status, status, status, status, status, status, status);

    private static RouteRow Services(int status) => new(403, 403, 403, 403, 403, 401, status);

    private static RouteRow Owners(int status, int ofOtherTenant) => new(403, status, ofOtherTenant, 403, 403, 401, 403);
}
