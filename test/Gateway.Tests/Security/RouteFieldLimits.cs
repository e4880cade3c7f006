using System.Text.Json;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>A value of a field of a route, and the status that answers it.</summary>
/// <param name="Value">JSON in a body, text in a query.</param>
/// <param name="Status">What is answered.</param>
internal sealed record RouteCase(string Value, int Status);

/// <summary>
/// Every field that an HTTP route takes, of its body (<c>route body.path</c>) and of its query (<c>route ?name</c>): the least, the most,
/// and what is beyond. A field without a row fails the test. What else is particular about a field is tested with its route.
/// </summary>
internal static class RouteFieldLimits
{
    private const string Tenant = "PUT /api/provisioning/tenant ";
    private const string People = "PUT /api/provisioning/people ";
    private const string Readings = "POST /api/audit/readings ";
    private const string Retention = "PUT /api/retention/conversations/{id} ";

    internal static readonly IReadOnlyDictionary<string, RouteCase[]> Rows = new Dictionary<string, RouteCase[]>(StringComparer.Ordinal)
    {
        // The policy that is in force, whichever version it names: there is nothing to replace.
        [Tenant + "version"] = [new("null", 200), new("-1", 200), new("9007199254740993", 200), new("1.5", 400), new("\"1\"", 400)],
        [Tenant + "permissions"] = [new("null", 200), new("{}", 200), new("[]", 400), new("7", 400)],
        [Tenant + "permissions.agent"] = Permissions(),
        [Tenant + "permissions.supervisor"] = Permissions(),
        [Tenant + "permissions.admin"] = Permissions(),
        [Tenant + "permissions.owner"] = Permissions(),
        [Tenant + "provisionUnknown"] = Flag(),
        [Tenant + "editWindowSeconds"] = [new("null", 200), new("-1", 400), new("0", 200), new("315360000", 200), new("315360001", 400), new("99999999999999999999", 400)],
        [Tenant + "showVersions"] = Flag(),
        [Tenant + "retentionDays"] = Days(),
        [Tenant + "frameOrigins"] = [new("null", 200), new("[]", 200), new("[null]", 400), Origins(20, 200), Origins(21, 400), new("{}", 400)],
        [People + "people"] = [new("null", 400), new("[]", 200), new("[null]", 400), PeopleOf(1_000, 200), PeopleOf(1_001, 400), new("{}", 400)],
        [People + "people[].userId"] = [new("null", 400), new("7", 400), Text(0, 400), Text(1, 200), Text(128, 200), Text(129, 400), .. IllFormed()],
        [People + "people[].name"] = [new("null", 400), new("7", 400), Text(0, 400), Text(1, 200), Text(80, 200), Text(81, 400), .. IllFormed()],
        [People + "people[].role"] = [new("null", 400), new("\"agent\"", 200), new("\"Agent\"", 400), new("\"\"", 400), new("1", 400)],
        [People + "people[].active"] = Flag(),
        [Readings + "conversationId"] = [new("null", 404), new("\"\"", 404), Text(50_000, 404), new("7", 400), new("\"\\ud800\"", 404)],
        [Readings + "reason"] = [new("null", 400), Text(0, 400), Text(1, 201), Text(500, 201), Text(501, 400), new("7", 400), .. IllFormed()],
        [Readings + "minutes"] = [new("null", 400), new("0", 400), new("1", 201), new("60", 201), new("61", 400), new("99999999999", 400)],
        [Retention + "days"] = Days(),
        [Retention + "legalHold"] = Flag(),
        ["POST /api/development/session userId"] = [new("null", 404), new("\"\"", 404), Text(129, 404), new("\"ann\"", 204), new("7", 400)],
        ["GET /api/provisioning/people ?after"] = [new("", 400), new("a", 200), new(new string('a', 128), 200), new(new string('a', 129), 400)],
        ["GET /api/provisioning/people ?limit"] = Page(1_000),
        ["GET /api/audit ?before"] = [new("", 400), new("nonsense", 400), new("00000000-0000-0000-0000-000000000001", 200)],
        ["GET /api/audit ?limit"] = Page(200),
        ["GET /api/audit/readings/{id}/messages ?after"] = [new("", 400), new("nonsense", 400)],
        ["GET /api/export ?after"] = [new("", 400), new("nonsense", 400)],
        ["GET /api/retention/preview ?after"] = [new("nonsense", 400), new("dm/ann~bob", 200)],
        ["GET /api/retention/preview ?limit"] = Page(200),
    };

    private static RouteCase[] Flag() => [new("null", 200), new("true", 200), new("false", 200), new("\"true\"", 400), new("1", 400)];

    private static RouteCase[] Days() =>
        [new("null", 200), new("0", 400), new("-1", 400), new("1", 200), new("36500", 200), new("36501", 400), new("99999999999", 400), new("\"1\"", 400)];

    private static RouteCase[] Permissions() =>
        [new("null", 200), new("[]", 200), new("[null]", 400), new("[\"chat.use\"]", 200), new("[\"chat.use\",\"chat.use\"]", 200), new("[\"chat.fly\"]", 400), new("[7]", 400), new("{}", 400)];

    private static RouteCase[] Page(int most) => [new("0", 400), new("1", 200), new($"{most}", 200), new($"{most + 1}", 400), new("many", 400)];

    private static RouteCase[] IllFormed() => [new("\"a\\u0000\"", 400), new("\"\\ud800\"", 400)];

    private static RouteCase Text(int chars, int status) => new(JsonSerializer.Serialize(new string('a', chars)), status);

    private static RouteCase Origins(int count, int status) =>
        new(JsonSerializer.Serialize(Enumerable.Range(1, count).Select(number => $"https://desk{number}.example")), status);

    private static RouteCase PeopleOf(int count, int status) =>
        new(JsonSerializer.Serialize(Enumerable.Range(1, count).Select(number => new { userId = $"many{number}", name = "M", role = "agent" })), status);
}
