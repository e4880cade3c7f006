using System.Text.Json.Nodes;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load.Scenarios;

/// <summary>What <c>reconnect</c> is to do.</summary>
internal sealed record ReconnectPlan
{
    /// <summary>Members of each group.</summary>
    internal const int GroupMembers = 10;

    /// <summary>What the web client reads of the chat list at once.</summary>
    internal const int ListPage = 50;

    internal required int Sessions { get; init; }

    /// <summary>Of each person.</summary>
    internal required int Conversations { get; init; }

    /// <summary>The first one warms up and is not in the figures.</summary>
    internal required int Storms { get; init; }

    /// <summary>Gateways look after what was stored lately; by then no longer after everything that this run was prepared with.</summary>
    internal TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(12);
}

/// <summary>
/// All clients lose their sockets at once, and come back as the web client does. Everybody is in as many groups of 10, whose
/// members differ; a tenth of the groups has messages that nobody but their author has read, and that the clients do not hold yet.
/// </summary>
internal static class ReconnectScenario
{
    private const int Messages = 5;
    private const int UnreadEvery = 10;
    private const int Shift = 3;
    private const int AppendsAtOnce = 256;

    /// <summary>A change for each message.</summary>
    internal const int HeldRevWhenUnread = 2;

    internal static async Task RunAsync(
        ReconnectPlan plan, Stage stage, IReadOnlyList<Contender> contenders, CancellationToken cancellationToken)
    {
        if (stage.Pinned)
        {
            await Pinning.PinLoadAsync();
        }

        var report = new RunReport("reconnect", new JsonObject
        {
            ["store"] = stage.Store.ToString(),
            ["sessions"] = plan.Sessions,
            ["conversationsOfEach"] = plan.Conversations,
            ["membersOfEach"] = ReconnectPlan.GroupMembers,
            ["messagesOfEach"] = Messages,
            ["unreadOneIn"] = UnreadEvery,
            ["syncPage"] = ReconnectStorm.SyncPage,
            ["backoffBoundsSeconds"] = new JsonArray([.. ReconnectStorm.BackoffBounds.Select(bound => (JsonNode)bound.TotalSeconds)]),
            ["storms"] = plan.Storms - 1,
            ["pinned"] = stage.Pinned,
            ["latencyFrom"] = "the cut of all sockets, with the client's random wait of 0 to 1 s",
            ["settings"] = SocketScenario.Settings(stage, contenders),
        });
        foreach (var contender in contenders)
        {
            RunReport.Say($"{contender.Name} starts, {stage.Store} store");
            await using var server = await contender.StartAsync(stage with { Prepare = (store, token) => FillAsync(store, plan, token) }, cancellationToken);
            await server.Store!.AnalyzeAsync(cancellationToken);
            await Task.Delay(plan.Settle, cancellationToken);
            using var storm = new ReconnectStorm(plan, server);
            await storm.BeginAsync(cancellationToken);
            for (var number = 0; number < plan.Storms; number++)
            {
                var figures = await storm.CutAsync(cancellationToken);
                RunReport.Say($"storm {number + 1} of {plan.Storms}: p50 {figures["resumedP50Ms"]:N0} ms, p99 {figures["resumedP99Ms"]:N0} ms, max {figures["resumedMaxMs"]:N0} ms");
                if (number > 0)
                {
                    report.Add(contender.Name, figures);
                }
            }
        }

        report.Write();
    }

    private static async Task<ConversationId[]> FillAsync(ChatStore store, ReconnectPlan plan, CancellationToken cancellationToken)
    {
        RunReport.Say($"writing {plan.Sessions * plan.Conversations / ReconnectPlan.GroupMembers:N0} groups");
        var groups = new List<ConversationId>();
        var appends = new List<ConversationAppend>();
        var start = TimeProvider.System.GetUtcNow().AddDays(-7);
        for (var round = 0; round < plan.Conversations; round++)
        {
            for (var first = 0; first < plan.Sessions; first += ReconnectPlan.GroupMembers)
            {
                var count = Math.Min(ReconnectPlan.GroupMembers, plan.Sessions - first);
                var members = Enumerable.Range(first, count).Select(person => LoadTenant.User((person + (round * Shift)) % plan.Sessions)).ToArray();
                groups.Add(ConversationId.Of(Guid.CreateVersion7()));
                appends.Add(Group(groups[^1], groups.Count, members, start.AddSeconds(groups.Count * 37 % 100_000)));
            }
        }

        await Parallel.ForEachAsync(
            appends,
            new ParallelOptions { MaxDegreeOfParallelism = AppendsAtOnce, CancellationToken = cancellationToken },
            async (append, token) =>
            {
                if (await store.Log.AppendAsync(append, token) is not AppendResult.Appended)
                {
                    throw new LoadException("The store did not take a group; the database of a load run must be empty.");
                }
            });
        RunReport.Say("indexing them for search");
        await LoadTenant.IndexAsync(store, static _ => { }, cancellationToken);
        return [.. groups];
    }

    private static ConversationAppend Group(ConversationId id, int number, UserId[] members, DateTimeOffset at) => new()
    {
        TenantId = LoadTenant.Id,
        ConversationId = id,
        Expected = null,
        Creation = new ConversationCreation { Kind = ConversationKind.Group, Title = $"Group {number}", CreatedBy = members[0], CreatedAt = at },
        Begins =
        [
            .. members.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = number % UnreadEvery == 0 ? HeldRevWhenUnread : Messages }),
        ],
        Entries =
        [
            .. Enumerable.Range(1, Messages).Select(message => (LogEntry)new MessageEntry
            {
                At = at.AddSeconds(message),
                Kind = MessageKind.Text,
                AuthorId = members[0],
                ClientId = Guid.CreateVersion7(),
                Text = $"message {message} of what somebody might write to the others of the group",
            }),
        ],
    };
}
