using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Grains.Import;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Import;

public sealed class SupportChatImportTests : IAsyncLifetime
{
    private static readonly TenantId Tenant = TenantId.Of("acme");
    private static readonly UserId Ann = UserId.Of("ann");

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ChatStore? _store;

    private ChatStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _store = await ChatStore.OpenAsync(
            new SqliteStoreOptions { Path = _folder.File("chat.db") }, _time, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await Store.Directory.AddPeopleAsync(Tenant, [PersonRules.Create("ann", "Ann", Role.Agent, 80)!], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_File_StoresMessagesInOrderWithAuthorsAndHistoricTimes()
    {
        var report = await ImportAsync(File("2006-12-06.txt", "[23:58] <Bob> hello", "=== eve has joined #x", "[23:59]  * Bob waves", "[00:01] <bob> é"));

        (report.Messages, report.Actions, report.Authors, report.Stored, report.Joins).ShouldBe((2, 1, 2, 3, 1));
        report.Malformed.ShouldBeEmpty();
        var messages = await ReadAsync(report);
        messages.Select(message => $"{message.AuthorId}: {message.Text} {message.Time:yyyy-MM-ddTHH:mm}").ShouldBe(
        [
            "Bob: hello 2006-12-06T23:58", "Bob: * Bob waves 2006-12-06T23:59", "bob: é 2006-12-07T00:01",
        ]);
    }

    [Fact]
    public async Task RunAsync_AgainAndWithAnotherFile_StoresOnlyWhatIsMissing()
    {
        var first = File("2006-12-06.txt", "[10:00] <bob> one", "[10:00] <bob> one", "[10:01] <eve> two");
        var before = await ReadAsync(await ImportAsync(first));

        (await ImportAsync(first)).Stored.ShouldBe(0);
        (await ReadAsync(await ImportAsync(first))).ShouldBe(before);

        var report = await ImportAsync(first, File("2006-12-07.txt", "[09:00] <fay> three"));
        report.Stored.ShouldBe(1);
        (await ReadAsync(report)).Select(message => message.Text).ShouldBe(["one", "one", "two", "three"]);
        var conversation = await Store.Log.ReadConversationAsync(Tenant, report.ConversationId, TestContext.Current.CancellationToken);
        conversation!.Members.ShouldBe([Ann, UserId.Of("bob"), UserId.Of("eve"), UserId.Of("fay")], ignoreOrder: true);
    }

    [Fact]
    public async Task RunAsync_MalformedLines_AreReportedWithFileAndLineAndTheRestIsStored()
    {
        var file = File("2006-12-06.txt", "[10:00] <bob> one", "garbage", $"[10:00] <bob> {new string('x', 10_001)}", "[10:00] <bob> a\0b", "[10:02] <bob> two");

        var report = await ImportAsync(file);

        report.Malformed.Select(line => line.Split(' ')[0]).ShouldBe([$"{file}:2:", $"{file}:3:", $"{file}:4:"]);
        (await ReadAsync(report)).Select(message => message.Text).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task RunAsync_WhoJoined_HasNothingUnread()
    {
        var report = await ImportAsync(File("2006-12-06.txt", [.. Enumerable.Range(0, 1_200).Select(number => $"[10:00] <bob> {number}")]));

        var row = (await Store.Inbox.ReadAsync(Tenant, Ann, [report.ConversationId], TestContext.Current.CancellationToken)).Single();
        row.Basis.Unread.ShouldBe(0);
        row.Head.Seq.ShouldBe(1_201);
        row.LastActivity.ShouldBe(new DateTimeOffset(2006, 12, 6, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task RunAsync_AfterAnInterruptedRun_WhoJoinedThenHasNothingUnreadEither()
    {
        var file = File("2006-12-06.txt", [.. Enumerable.Range(0, 1_200).Select(number => $"[10:00] <bob> {number}")]);
        using var interruption = new CancellationTokenSource();
        var interrupted = new SupportChatImport(Store, _time).RunAsync(
            new ImportOrder { TenantId = Tenant, Group = "Support", Files = [file], Members = [Ann] }, new Interrupting(interruption), interruption.Token);
        await Should.ThrowAsync<OperationCanceledException>(interrupted);

        var report = await ImportAsync(file);

        report.Stored.ShouldBe(700);
        (await UnreadAsync(report)).ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_AgainAfterSomebodyWrote_LeavesThatUnread()
    {
        var file = File("2006-12-06.txt", "[10:00] <bob> one");
        var report = await ImportAsync(file);
        var head = (await Store.Log.ReadConversationAsync(Tenant, report.ConversationId, TestContext.Current.CancellationToken))!.Head;
        var live = new MessageEntry { At = _time.GetUtcNow(), Kind = MessageKind.Text, AuthorId = UserId.Of("bob"), ClientId = Guid.NewGuid(), Text = "live" };
        await Store.Log.AppendAsync(
            new ConversationAppend { TenantId = Tenant, ConversationId = report.ConversationId, Expected = head, Entries = [live] },
            TestContext.Current.CancellationToken);

        await ImportAsync(file);

        (await UnreadAsync(report)).ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_WhatCannotBeUsed_IsRefusedWithOneLineAndStoresNothing()
    {
        var file = File("2006-12-06.txt", "[10:00] <bob> one");

        (await Should.ThrowAsync<ImportException>(ImportAsync(File("chat.txt", "[10:00] <bob> one")))).Message.ShouldContain("yyyy-MM-dd");
        (await Should.ThrowAsync<ImportException>(ImportAsync(_folder.File("2006-12-09.txt")))).Message.ShouldContain("2006-12-09.txt");
        (await Should.ThrowAsync<ImportException>(ImportAsync(File("2006-12-08.txt", "=== nothing")))).Message.ShouldContain("no message");
        (await Should.ThrowAsync<ImportException>(RunAsync(new ImportOrder { TenantId = Tenant, Group = " ", Files = [file] }))).Message.ShouldContain("64");
        (await Should.ThrowAsync<ImportException>(RunAsync(
            new ImportOrder { TenantId = Tenant, Group = "Support", Files = [file], Members = [UserId.Of("nobody")] }))).Message.ShouldContain("nobody");
        (await Store.Inbox.ListAsync(Tenant, Ann, null, null, 10, TestContext.Current.CancellationToken)).Rows.ShouldBeEmpty();
        (await Store.Directory.ReadPeopleAsync(Tenant, TestContext.Current.CancellationToken)).ShouldHaveSingleItem("a refused import adds nobody");
        (await Should.ThrowAsync<ImportException>(RunAsync(
            new ImportOrder { TenantId = TenantId.Of("new"), Group = "Support", Files = [file], Members = [Ann] }))).Message.ShouldContain("ann");
        (await Store.Directory.ReadPeopleAsync(TenantId.Of("new"), TestContext.Current.CancellationToken)).ShouldBeEmpty("nor a tenant");
    }

    [Fact]
    public async Task RunAsync_MemberIsAnAuthorWhomNobodyKnew_IsAMember()
    {
        var report = await RunAsync(new ImportOrder
        {
            TenantId = Tenant,
            Group = "Support",
            Files = [File("2006-12-06.txt", "[10:00] <bob> one")],
            Members = [UserId.Of("bob"), Ann],
        });

        (await ReadAsync(report)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task RunAsync_MoreMembersThanAGroupHas_IsRefusedBeforeAnythingIsWritten()
    {
        var file = File("2006-12-06.txt", [.. Enumerable.Range(0, 10_000).Select(number => $"[10:00] <nick{number}> hi")]);

        (await Should.ThrowAsync<ImportException>(ImportAsync(file))).Message.ShouldContain("10000");

        (await Store.Directory.ReadPeopleAsync(Tenant, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task RunAsync_StoreDoesNotAnswerForAWhile_GoesOnAndStoresEveryLineOnce()
    {
        var log = new FaultyMessageLog(Store.Log);
        log.Next(FaultyMessageLog.FailsBeforeWriting, FaultyMessageLog.FailsAfterWriting, FaultyMessageLog.FailsAfterWriting, FaultyMessageLog.FailsBeforeWriting, FaultyMessageLog.FailsBeforeWriting);

        var report = await WhileTimePassesAsync(ImportIntoAsync(log));

        report.Stored.ShouldBe(2);
        (await ReadAsync(report)).Select(message => message.Text).ShouldBe(["one", "two"]);
        (await UnreadAsync(report)).ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_WhatSeemedLostIsWrittenMeanwhile_GoesOnBehindIt()
    {
        var log = new FaultyMessageLog(Store.Log);
        Func<Task<AppendResult>>? late = null;
        log.Next(
            (_, write) => write(),
            (append, write) =>
            {
                late = write;
                return FaultyMessageLog.FailsBeforeWriting(append, write);
            },
            async (_, write) =>
            {
                await late!();
                return await write();
            });

        var report = await WhileTimePassesAsync(ImportIntoAsync(log));

        report.Stored.ShouldBe(2);
        (await ReadAsync(report)).Select(message => message.Text).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task RunAsync_StoreStaysAway_SaysSoAndAnotherRunStoresTheRest()
    {
        var log = new FaultyMessageLog(Store.Log) { Always = FaultyMessageLog.FailsBeforeWriting };

        await Should.ThrowAsync<StoreUnavailableException>(WhileTimePassesAsync(ImportIntoAsync(log)));

        log.Appends.Count.ShouldBe(6);
        log.Always = null;
        (await ReadAsync(await ImportIntoAsync(log))).Count.ShouldBe(2);
    }

    private Task<ImportReport> ImportIntoAsync(FaultyMessageLog log) =>
        new SupportChatImport(log, Store.Inbox, Store.Directory, _time).RunAsync(
            new ImportOrder { TenantId = Tenant, Group = "Support", Files = [File("2006-12-06.txt", "[10:00] <bob> one", "[10:01] <eve> two")], Members = [Ann] },
            new Progress<(int Done, int All)>(),
            TestContext.Current.CancellationToken);

    private async Task<ImportReport> WhileTimePassesAsync(Task<ImportReport> import)
    {
        while (!import.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await import;
    }

    private async Task<long> UnreadAsync(ImportReport report) =>
        (await Store.Inbox.ReadAsync(Tenant, Ann, [report.ConversationId], TestContext.Current.CancellationToken)).Single().Basis.Unread;

    private string File(string name, params string[] lines)
    {
        var path = _folder.File(name);
        System.IO.File.WriteAllLines(path, lines);
        return path;
    }

    private Task<ImportReport> ImportAsync(params string[] files) =>
        RunAsync(new ImportOrder { TenantId = Tenant, Group = "Support", Files = files, Members = [Ann] });

    private Task<ImportReport> RunAsync(ImportOrder order) =>
        new SupportChatImport(Store, _time).RunAsync(order, new Progress<(int Done, int All)>(), TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<Message>> ReadAsync(ImportReport report) =>
        [.. (await Store.Log.ReadMessagesAsync(Tenant, report.ConversationId, Ann, 1, long.MaxValue, TestContext.Current.CancellationToken))!
            .Messages.Where(message => message.Kind == MessageKind.Text)];

    /// <summary>Stops the import after its first lines.</summary>
    private sealed class Interrupting(CancellationTokenSource interruption) : IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value) => interruption.Cancel();
    }
}
