using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Scenarios;

/// <summary>What <c>search</c> is to do.</summary>
internal sealed record SearchPlan
{
    internal required StoreKind Store { get; init; }

    internal string? Connection { get; init; }

    internal required int Messages { get; init; }

    internal required int Conversations { get; init; }

    /// <summary>Conversations that the searcher belongs to; the newest messages are everybody's alike.</summary>
    internal required int Memberships { get; init; }

    /// <summary>Searches measured of each kind.</summary>
    internal required int Searches { get; init; }
}

/// <summary>
/// Fills a store with messages whose words are as unevenly common as those of people (Zipf), indexes them, and searches as one member: two
/// words that are common, rare, and one of each; an address; a phrase; the second page.
/// </summary>
internal static class SearchScenario
{
    private const int AppendMessages = 1_000;
    private const int Vocabulary = 50_000;
    private const int WordsMin = 3;
    private const int WordsMax = 20;

    internal static async Task RunAsync(SearchPlan plan, CancellationToken cancellationToken)
    {
        var report = new RunReport("search", new JsonObject
        {
            ["store"] = plan.Store.ToString(),
            ["messages"] = plan.Messages,
            ["conversations"] = plan.Conversations,
            ["memberships"] = plan.Memberships,
            ["searches"] = plan.Searches,
            ["vocabulary"] = Vocabulary,
            ["wordsPerMessage"] = $"{WordsMin}-{WordsMax}",
            ["page"] = 20,
        });
        await using var store = await LoadStore.CreateAsync(plan.Store, plan.Connection);
        await using var opened = await store.OpenAsync(cancellationToken);
        var figures = new Figures();
        await FillAsync(opened, plan, figures, cancellationToken);
        await IndexAsync(opened, plan, figures, cancellationToken);
        await SearchAsync(opened, plan, figures, cancellationToken);
        report.Add("store", figures);
        report.Write();
    }

    private static UserId Searcher => LoadTenant.User(0);

    private static async Task FillAsync(ChatStore store, SearchPlan plan, Figures figures, CancellationToken cancellationToken)
    {
        RunReport.Say($"{plan.Store} store, {plan.Messages:N0} messages in {plan.Conversations:N0} conversations");
        await LoadTenant.AddPeopleAsync(store, 2 * plan.Conversations, cancellationToken);
        var groups = await LoadTenant.AddGroupsAsync(store, plan.Conversations, members: 2, cancellationToken);
        var heads = Enumerable.Repeat(new Head { Rev = 1, Seq = 1 }, groups.Length).ToArray();
        for (var group = 1; group < plan.Memberships; group++)
        {
            heads[group] = await AppendAsync(
                store, groups[group], heads[group], [], cancellationToken, new MembershipBegin { UserId = Searcher, JoinedSeq = 1, ReadSeq = 1 });
        }

        var words = new Words(1);
        var began = Stopwatch.GetTimestamp();
        var start = TimeProvider.System.GetUtcNow().AddDays(-365);
        var left = plan.Messages;
        for (var round = 0; left > 0; round++)
        {
            var appends = new List<Task>();
            for (var i = 0; i < 8 && left > 0; i++, round++)
            {
                var (group, count) = (round % groups.Length, Math.Min(left, AppendMessages));
                var at = start.AddSeconds(plan.Messages - left);
                LogEntry[] entries = [.. Enumerable.Range(0, count).Select(number => new MessageEntry
                {
                    At = at.AddSeconds(number),
                    Kind = MessageKind.Text,
                    AuthorId = LoadTenant.User((2 * group) + (number % 2)),
                    ClientId = Guid.CreateVersion7(),
                    Text = words.Message(),
                })];
                left -= count;
                appends.Add(WriteAsync(group, entries));
            }

            await Task.WhenAll(appends);
        }

        figures.Add("postsPerSecond", plan.Messages / Stopwatch.GetElapsedTime(began).TotalSeconds);

        async Task WriteAsync(int group, LogEntry[] entries) =>
            heads[group] = await AppendAsync(store, groups[group], heads[group], entries, cancellationToken);
    }

    private static async Task<Head> AppendAsync(
        ChatStore store, ConversationId group, Head head, LogEntry[] entries, CancellationToken cancellationToken, params MembershipBegin[] begins)
    {
        var append = new ConversationAppend
        {
            TenantId = LoadTenant.Id,
            ConversationId = group,
            Expected = head,
            Entries = entries.Length > 0 ? [.. entries] : [Added(head)],
            Begins = [.. begins],
        };
        return await store.Log.AppendAsync(append, cancellationToken) is AppendResult.Appended appended
            ? appended.Head
            : throw new LoadException("The store did not take messages.");

        static MessageEntry Added(Head head) => new()
        {
            At = TimeProvider.System.GetUtcNow().AddDays(-365),
            Kind = MessageKind.System,
            AuthorId = Searcher,
            ClientId = Guid.CreateVersion7(),
            Text = "",
            Fact = new SystemFact { Kind = SystemFactKind.Added, Targets = [Searcher] },
        };
    }

    private static async Task IndexAsync(ChatStore store, SearchPlan plan, Figures figures, CancellationToken cancellationToken)
    {
        RunReport.Say("indexing");
        var began = Stopwatch.GetTimestamp();
        var longest = TimeSpan.Zero;
        await LoadTenant.IndexAsync(store, chunk => longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, chunk.Ticks)), cancellationToken);

        figures.Add("indexedPerSecond", plan.Messages / Stopwatch.GetElapsedTime(began).TotalSeconds);
        figures.Add("longestIndexChunkMs", longest.TotalMilliseconds);
    }

    private static async Task SearchAsync(ChatStore store, SearchPlan plan, Figures figures, CancellationToken cancellationToken)
    {
        var words = new Words(2);
        await MeasureAsync("twoWords", _ => Terms(words.Any(), words.Any()));
        await MeasureAsync("commonWords", _ => Terms(words.Ranked(0, 20), words.Ranked(0, 20)));
        await MeasureAsync("commonAndRare", _ => Terms(words.Ranked(0, 20), words.Ranked(5_000, Vocabulary)));
        await MeasureAsync("rareWords", _ => Terms(words.Ranked(1_000, 5_000), words.Ranked(1_000, 5_000)));
        await MeasureAsync("nothingFound", _ => Terms("neverwritten", words.Ranked(0, 20)));
        await MeasureAsync("address", number => Terms($"user{number % 1_000}@mail.example.com"));
        await MeasureAsync("phrase", _ => new SearchFilter { Terms = [new SearchTerm { Words = [words.Ranked(0, 20), words.Ranked(0, 20)] }] });
        await MeasureAsync("prefix", _ => new SearchFilter { Terms = [new SearchTerm { Words = [words.Ranked(0, 2_000)[..3]], Prefix = true }] });

        async Task MeasureAsync(string name, Func<int, SearchFilter> filter)
        {
            RunReport.Say(name);
            var (latencies, found) = (new LatencyHistogram(), 0L);
            for (var number = -5; number < plan.Searches; number++)
            {
                var asked = filter(Math.Abs(number));
                var began = Stopwatch.GetTimestamp();
                var page = await store.Search.SearchAsync(LoadTenant.Id, Searcher, asked, after: null, limit: 20, cancellationToken);
                if (number >= 0)
                {
                    latencies.Record(Stopwatch.GetElapsedTime(began));
                    found += page.Messages.Length;
                }
            }

            figures.Add(name + "P50Ms", latencies.Percentile(50).TotalMilliseconds)
                .Add(name + "P99Ms", latencies.Percentile(99).TotalMilliseconds)
                .Add(name + "Found", (double)found / plan.Searches);
            if (name == "address" && found == 0)
            {
                throw new LoadException("An address that was posted was not found.");
            }
        }
    }

    private static SearchFilter Terms(params string[] words) => new() { Terms = [.. words.Select(word => new SearchTerm { Words = [word] })] };

    /// <summary>Words by how common they are: the n-th is said 1/n as often as the first.</summary>
    private sealed class Words(int seed)
    {
        private readonly Random _random = new(seed);

        internal string Message()
        {
            var count = _random.Next(WordsMin, WordsMax + 1);
            var text = string.Join(' ', Enumerable.Range(0, count).Select(_ => Any()));
            return _random.Next(20) switch
            {
                0 => text + " user" + _random.Next(1_000).ToString(CultureInfo.InvariantCulture) + "@mail.example.com",
                1 => text + " https://example.com/t/" + _random.Next(100_000).ToString(CultureInfo.InvariantCulture),
                _ => text,
            };
        }

        internal string Any() => Word((int)Math.Exp(_random.NextDouble() * Math.Log(Vocabulary)) - 1);

        internal string Ranked(int from, int to) => Word(_random.Next(from, to));

        /// <summary>Letters that do not tell the rank: neighbours in rank share no beginning.</summary>
        private static string Word(int rank)
        {
            var number = ((long)rank * 7_919) % 456_976;
            return string.Create(4, number, static (text, rest) =>
            {
                for (var i = 0; i < text.Length; i++, rest /= 26)
                {
                    text[i] = (char)('a' + (rest % 26));
                }
            });
        }
    }
}
