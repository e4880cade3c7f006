using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Conversations;
using OrleansChat.Grains.Import;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Search;

/// <summary>
/// Search against grep, on a real support chat: 200 queries of mixed kind find exactly the messages that contain all of the query's
/// words as <c>grep -iwF</c> does, accents folded. The chat's files are no part of the repository: they lie beside it
/// (<c>../shared/data/support-chat</c>), or where <c>CHAT_SUPPORT_DATA</c> says; without them there is nothing to test.
/// </summary>
public sealed class SupportChatSearchTests
{
    private const int Queries = 200;

    private static readonly UserId Reader = UserId.Of("reader");

    [Theory]
    [EveryStore]
    [Rule("L5")]
    public async Task SearchAsync_QueriesOfMixedKind_FindsWhatGrepFinds(StoreKind kind)
    {
        Assert.SkipWhen(Data is null, "The support chat's files are not here.");
        using var folder = new TempFolder();
        await using var store = await ImportAsync(kind, folder);
        var texts = await ReadAsync(store);
        texts.Count.ShouldBe(16_336);
        var lines = folder.File("texts");
        await File.WriteAllLinesAsync(lines, texts.Select(text => Fold(text.Text)), TestContext.Current.CancellationToken);

        var queries = QueriesOf(texts);
        var differences = new List<string>();
        var found = 0;
        foreach (var query in queries)
        {
            var expected = (await GrepAsync(query, lines)).Select(line => texts[line].Seq).ToHashSet();
            var actual = await SearchAsync(store, query);
            expected.ShouldNotBeEmpty(query);
            found += actual.Count;
            if (!actual.SetEquals(expected))
            {
                differences.Add($"{query}: only grep {expected.Except(actual).Count()}, only search {actual.Except(expected).Count()}");
            }
        }

        queries.Distinct().Count().ShouldBe(Queries);
        differences.ShouldBeEmpty();
        TestContext.Current.SendDiagnosticMessage("{0} queries found {1} messages", Queries, found);
    }

    private static string? Data
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "Orleans.Chat.sln")))
            {
                root = root.Parent;
            }

            var data = Environment.GetEnvironmentVariable("CHAT_SUPPORT_DATA") ?? Path.Combine(root?.Parent?.FullName ?? "", "shared", "data", "support-chat");
            return Directory.Exists(data) ? data : null;
        }
    }

    private static async Task<ChatStore> ImportAsync(StoreKind kind, TempFolder folder)
    {
        var cancellation = TestContext.Current.CancellationToken;
        StoreOptions options = kind switch
        {
            StoreKind.Sqlite => new SqliteStoreOptions { Path = folder.File("chat.db") },
            StoreKind.Postgres => new PostgresStoreOptions { ConnectionString = await (await TestContext.Current.GetFixture<PostgresRun>())!.CreateDatabaseAsync() },
        };
        var store = await ChatStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        var tenant = TenantId.Of("demo");
        await store.Directory.AddPeopleAsync(tenant, [new Person { UserId = Reader, Name = "Reader", Role = Role.Agent }], cancellation);
        await new SupportChatImport(store, TimeProvider.System).RunAsync(
            new ImportOrder { TenantId = tenant, Group = "Support", Files = [.. Directory.GetFiles(Data!, "*.txt").Order(StringComparer.Ordinal)], Members = [Reader] },
            new Progress<(int, int)>(),
            cancellation);
        while ((await store.Search.ReadBehindAsync(null, null, cancellation)).Conversations is { IsEmpty: false } behind)
        {
            await store.Search.IndexAsync(behind, 2_000, cancellation);
        }

        return store;
    }

    private static async Task<List<(long Seq, string Text)>> ReadAsync(ChatStore store)
    {
        List<(long, string)> texts = [];
        var row = (await store.Inbox.ListAsync(TenantId.Of("demo"), Reader, null, null, 1, TestContext.Current.CancellationToken)).Rows[0];
        for (var seq = 1L; seq <= row.Head.Seq; seq += IMessageLog.PageRowsMax)
        {
            var page = await store.Log.ReadMessagesAsync(
                TenantId.Of("demo"), row.ConversationId, Reader, seq, seq + IMessageLog.PageRowsMax - 1, TestContext.Current.CancellationToken);
            texts.AddRange(page!.Messages.Where(message => message.Kind == MessageKind.Text).Select(message => (message.Seq, message.Text)));
        }

        return texts;
    }

    /// <summary>40 words, 40 pairs of words of one message, and 20 each of addresses, IPs, URLs, packages, dashed and dotted words and whatever stands between spaces.</summary>
    private static List<string> QueriesOf(List<(long Seq, string Text)> texts)
    {
        var random = new Random(1);
        var said = texts.Select(text => text.Text).ToArray();
        random.Shuffle(said);
        var queries = new List<string>();
        Take(40, said.SelectMany(text => Matches(text, @"\b[A-Za-z]{2,}\b").TakeLast(1)));
        Take(40, said.Select(text => Matches(text, @"[\w']{3,}").ToArray()).Where(words => words.Length > 4).Select(words => $"{words[1]} {words[4]}"));
        Take(10, said.SelectMany(text => Matches(text, @"\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b")));
        Take(20, said.SelectMany(text => Matches(text, @"\b\d{1,3}(\.\d{1,3}){3}\b")));
        Take(25, said.SelectMany(text => Matches(text, @"https?://[^\s""]+")));
        Take(20, said.SelectMany(text => Matches(text, @"\b[a-z]+[a-z0-9]*(-[a-z0-9]+)*-\d+(\.\d+)+\b|\b[gc]\+\+|\blib[a-z0-9.+-]+\b")));
        Take(25, said.SelectMany(text => Matches(text, @"\b[A-Za-z]+(-[A-Za-z]+)+\b")));
        Take(Queries - queries.Count, said.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3)).Where(word => Regex.IsMatch(word, @"\w\W\w|\w\W$|^\W\w") && !Regex.IsMatch(word, @"^[-""“”„]|^\w+:$|\*$")));
        return queries;

        void Take(int count, IEnumerable<string> candidates)
        {
            foreach (var candidate in candidates.Select((text, i) => i % 3 == 0 ? text.ToUpperInvariant() : text).Where(text => !queries.Contains(text)).Distinct().Take(count))
            {
                queries.Add(candidate);
            }
        }
    }

    private static IEnumerable<string> Matches(string text, string pattern) => Regex.Matches(text, pattern).Select(match => match.Value);

    private static async Task<HashSet<long>> SearchAsync(ChatStore store, string query)
    {
        var (expression, refusal) = SearchParser.Parse(query, partsMax: 20);
        refusal.ShouldBeNull(query);
        expression!.Terms.Length.ShouldBe(query.Split(' ').Length, query);
        var found = new HashSet<long>();
        long? next = null;
        do
        {
            var page = await store.Search.SearchAsync(
                TenantId.Of("demo"), Reader, new SearchFilter { Terms = expression.Terms }, next, ISearchStore.PageMax, TestContext.Current.CancellationToken);
            found.UnionWith(page.Messages.Select(message => message.Message.Seq));
            next = page.Next;
        }
        while (next is not null);

        return found;
    }

    /// <summary>The lines, from 0, in which grep finds all of the words.</summary>
    private static async Task<HashSet<int>> GrepAsync(string query, string file)
    {
        HashSet<int>? all = null;
        foreach (var word in query.Split(' '))
        {
            var start = new ProcessStartInfo("grep", ["-niwF", "-e", Fold(word), file]) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C.UTF-8" } };
            using var grep = Process.Start(start)!;
            var output = await grep.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => int.Parse(line.AsSpan(0, line.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture) - 1);
            all = all is null ? [.. lines] : [.. all.Intersect(lines)];
        }

        return all!;
    }

    /// <summary>Accents only, and not by the code under test: case is grep's.</summary>
    private static string Fold(string text) => string.Concat(
        text.Normalize(NormalizationForm.FormD).Where(unit => CharUnicodeInfo.GetUnicodeCategory(unit) != UnicodeCategory.NonSpacingMark));
}
