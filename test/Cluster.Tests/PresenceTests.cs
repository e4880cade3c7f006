using System.Text.Json;
using OrleansChat.HubClient;

namespace OrleansChat.Cluster.Tests;

/// <summary>People on different gateways see each other, and what they chose outlives the silos that knew it.</summary>
public sealed class PresenceTests
{
    [Fact]
    public async Task SetStatus_OnOneGateway_IsSeenOnTheOtherAndKeptWhenEverySiloWasReplaced()
    {
        await using var database = await ClusterDatabase.StartAsync();
        await using var cluster = await ClusterUnderTest.StartAsync(database, new ClusterPlan { Silos = 1, Gateways = 2 });
        await using var ann = await ConnectAsync(cluster, 0, "ann");
        await using var bob = await ConnectAsync(cluster, 1, "bob");

        (await CallAsync(bob, "Watch", new { users = (string[])["ann"] })).GetProperty("presence")[0].GetProperty("state").GetString().ShouldBe("online");
        await CallAsync(ann, "SetStatus", new { status = "dnd" });
        await CallAsync(ann, "SetPreferences", new { showTyping = false });
        await bob.HearsAsync("presence", presence => presence.GetProperty("changes")[0].GetProperty("state").GetString() == "dnd");

        var former = cluster.Silos.ToArray();
        await cluster.AddSiloAsync();
        foreach (var silo in former)
        {
            (await silo.TerminateAsync()).ExitCode.ShouldBe(0);
        }

        await using var phone = await ConnectAsync(cluster, 1, "ann");
        var me = (await phone.HearsAsync("welcome", _ => true)).GetProperty("me");
        (me.GetProperty("status").GetString(), me.GetProperty("showTyping").GetBoolean()).ShouldBe(("dnd", false));
        (await database.ScalarAsync<long>("select count(*) from OrleansStorage where GrainTypeString = 'presence' and GrainIdExtensionString = 'presence/acme/u/ann'")).ShouldBe(1);
        database.IsWell = true;
    }

    private static Task<ChatSession> ConnectAsync(ClusterUnderTest cluster, int gateway, string user) => ChatSession.ConnectAsync(
        new Uri($"ws://{cluster.GatewayAddresses[gateway].Authority}/hub"),
        new HubCredentials { Token = cluster.Database.TokenSigner.TokenOf(Town.Tenant, user, user) },
        TestContext.Current.CancellationToken);

    private static async Task<JsonElement> CallAsync(ChatSession session, string method, object request)
    {
        var answer = await session.CallAsync(method, request);
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.ToString());
        return answer;
    }
}
