using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Gateway.Tests.Fixtures;

namespace OrleansChat.Gateway.Tests.Http;

/// <summary>The machine-readable description of the HTTP routes.</summary>
public sealed class OpenApiTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Document_OfTheGateway_HasEveryApiRouteAndItsBodies(string environment)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = environment });

        using var answer = await chat.SendsAsync(HttpMethod.Get, "/openapi/v1.json");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var document = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var mapped =
            from endpoint in chat.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let pattern = endpoint.RoutePattern.RawText!
            where pattern.StartsWith("/api/", StringComparison.Ordinal) && !pattern.Contains("{**", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {pattern.Replace(":guid", "", StringComparison.Ordinal)}";
        described.Order().ShouldBe(mapped.Order());

        var people = document.GetProperty("paths").GetProperty("/api/provisioning/people").GetProperty("put");
        people.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()
            .ShouldBe("#/components/schemas/PutPeopleRequest");
        document.GetProperty("components").GetProperty("schemas").GetProperty("PutPerson").GetProperty("properties").TryGetProperty("active", out _).ShouldBeTrue();
        people.GetProperty("responses").TryGetProperty("400", out _).ShouldBeTrue();
    }
}
