using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Tenants;

namespace OrleansChat.Load.Scenarios;

/// <summary>What <c>inbox</c> is to do.</summary>
internal sealed record InboxPlan
{
    internal required StoreKind Store { get; init; }

    internal string? Connection { get; init; }

    /// <summary>The largest chat list; a tenth of it and 10 are measured too, for the slope.</summary>
    internal required int Conversations { get; init; }

    /// <summary>Pages read of each.</summary>
    internal required int Reads { get; init; }
}

/// <summary>
/// Reads the first page of chat lists of different lengths, as a client does when it starts: on the store, one after the other. All
/// people are of one tenant, so that a short list lies among many conversations of others. A tenth of each list is unread.
/// </summary>
internal static class InboxScenario
{
    private const int Page = 50;
    private const int Messages = 5;
    private const int Peers = 200;
    private const int AtOnce = 256;

    private static readonly TenantId Tenant = TenantId.Of("load");

    internal static async Task RunAsync(InboxPlan plan, CancellationToken cancellationToken)
    {
        var report = new RunReport("inbox", new JsonObject
        {
            ["store"] = plan.Store.ToString(), ["conversations"] = plan.Conversations, ["messagesEach"] = Messages, ["page"] = Page, ["reads"] = plan.Reads,
        });
        int[] lengths = [.. new[] { 10, plan.Conversations / 10, plan.Conversations }.Where(length => length >= 10).Distinct().Order()];
        await using var store = await LoadStore.CreateAsync(plan.Store, plan.Connection);
        await using (var opened = await store.OpenAsync(cancellationToken))
        {
            RunReport.Say($"{plan.Store} store: writing chat lists of {string.Join(", ", lengths)}");
            await opened.Directory.AddPeopleAsync(
                Tenant,
                [.. lengths.Select(Owner).Concat(Enumerable.Range(0, Peers).Select(Peer))
                    .Select(user => new Person { UserId = user, Name = user.Value, Role = Role.Agent })],
                cancellationToken);
            foreach (var length in lengths)
            {
                await FillAsync(opened, length, cancellationToken);
            }

            foreach (var length in lengths)
            {
                RunReport.Say($"reading the list of {length:N0}");
                report.Add($"{length:N0} conversations", await ReadAsync(opened, length, plan.Reads, CpuSeconds, cancellationToken));
            }
        }

        report.Write();

        double CpuSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds + (store.Database?.CpuSeconds() ?? 0);
    }

    private static UserId Owner(int length) => UserId.Of($"owner{length}");

    private static UserId Peer(int number) => UserId.Of($"peer{number % Peers}");

    private static async Task FillAsync(ChatStore store, int length, CancellationToken cancellationToken)
    {
        var start = DateTimeOffset.UtcNow.AddDays(-7);
        foreach (var chunk in Enumerable.Range(0, length).Chunk(AtOnce))
        {
            await Task.WhenAll(chunk.Select(async number =>
            {
                var (owner, peer, id) = (Owner(length), Peer(number), ConversationId.Of(Guid.NewGuid()));
                var append = new ConversationAppend
                {
                    TenantId = Tenant,
                    ConversationId = id,
                    Expected = null,
                    Creation = new ConversationCreation { Kind = ConversationKind.Group, Title = $"Group {number}", CreatedBy = peer, CreatedAt = start },
                    Begins = [.. new[] { owner, peer }.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = number % 10 == 0 ? 0 : Messages })],
                    Entries =
                    [
                        .. Enumerable.Range(1, Messages).Select(message => (LogEntry)new MessageEntry
                        {
                            At = start.AddSeconds((number * 37 % length) + message),
                            Kind = MessageKind.Text,
                            AuthorId = peer,
                            ClientId = Guid.NewGuid(),
                            Text = $"message {message} of what somebody might write",
                        }),
                    ],
                };
                if (await store.Log.AppendAsync(append, cancellationToken) is not AppendResult.Appended)
                {
                    throw new LoadException("A conversation was not stored.");
                }
            }));
        }
    }

    private static async Task<Figures> ReadAsync(ChatStore store, int length, int reads, Func<double> cpuSeconds, CancellationToken cancellationToken)
    {
        var cpu = 0d;
        var (listed, filtered) = (new LatencyHistogram(), new LatencyHistogram());
        var unread = Math.Min(Page, (length + 9) / 10);
        for (var read = 0; read < reads + 5; read++)
        {
            var cpuBefore = cpuSeconds();
            var began = Stopwatch.GetTimestamp();
            var page = await store.Inbox.ListAsync(Tenant, Owner(length), null, null, Page, cancellationToken);
            var (elapsed, cpuOfList) = (Stopwatch.GetElapsedTime(began), cpuSeconds() - cpuBefore);
            if (page.Rows.Length != Math.Min(Page, length) || page.Rows.Count(row => row.Basis.Unread == Messages) != unread)
            {
                throw new LoadException("The chat list does not have the rows that were written.");
            }

            began = Stopwatch.GetTimestamp();
            var names = await store.Inbox.ReadNamesAsync(Tenant, Owner(length), ImmutableArray<UserId>.Empty, length, cancellationToken);
            if (names.Length != length)
            {
                throw new LoadException("Not every conversation has a name.");
            }

            if (read >= 5) // The first ones compile, and fill caches.
            {
                listed.Record(elapsed);
                cpu += cpuOfList;
                filtered.Record(Stopwatch.GetElapsedTime(began));
            }
        }

        return new Figures().Add("list", listed).Add("listCpuMs", cpu * 1_000 / reads).Add("names", filtered);
    }
}
