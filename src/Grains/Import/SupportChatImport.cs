using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Hosting;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Import;

/// <summary>What an import is to do.</summary>
public sealed record ImportOrder
{
    /// <summary>Into which tenant; made when it does not exist.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The group's name; the same name of the same tenant is the same group in every import.</summary>
    public required string Group { get; init; }

    /// <summary>Files named <c>yyyy-MM-dd…</c>, in the order to import them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>People of the tenant who shall be members besides the authors.</summary>
    public IReadOnlyList<UserId> Members { get; init; } = [];
}

/// <summary>What an import found and did.</summary>
public sealed record ImportReport
{
    /// <summary>Messages in the files.</summary>
    public int Messages { get; internal set; }

    /// <summary>Actions in the files.</summary>
    public int Actions { get; internal set; }

    /// <summary>Authors of both.</summary>
    public int Authors { get; internal set; }

    /// <summary>Messages that begin with the name of an author whom they address.</summary>
    public int Mentions { get; internal set; }

    /// <summary>Of the messages and actions, those that this run stored; the others were there.</summary>
    public int Stored { get; internal set; }

    /// <summary>Lines that say somebody joined; counted only.</summary>
    public int Joins { get; internal set; }

    /// <summary>Lines that say somebody left; counted only.</summary>
    public int Leaves { get; internal set; }

    /// <summary>Renames, topics and the like; counted only.</summary>
    public int Notices { get; internal set; }

    /// <summary>Lines that were not understood or are out of bounds, as <c>file:line: what</c>.</summary>
    public IReadOnlyList<string> Malformed => MalformedLines;

    /// <summary>The group that was imported into.</summary>
    public required ConversationId ConversationId { get; init; }

    internal List<string> MalformedLines { get; } = [];
}

/// <summary>An import that cannot be done; nothing more was written.</summary>
public class ImportException(string message, Exception? innerException = null) : StartException(message, innerException);

/// <summary>What this run read of the group is no longer so.</summary>
internal sealed class GroupMovedException() : ImportException("Something else writes to the group at the same time.");

/// <summary>
/// Imports support chats into a group: authors become people and members, messages keep order and historic time. Each
/// line has a client id made of file, line number and content, so that a second run, or one after an interrupted run,
/// stores only what is missing.
/// </summary>
public sealed class SupportChatImport(IMessageLog log, IInboxStore inbox, IDirectoryStore directory, TimeProvider time)
{
    private const int AppendLines = 500;

    /// <summary>How often it goes on by itself after the store did not answer; the pauses, of 1, 2, 4, 8 and 16 s, outlast a restart.</summary>
    private const int RepeatsMax = 5;

    /// <summary>Into this store.</summary>
    public SupportChatImport(ChatStore store, TimeProvider time)
        : this(store.Log, store.Inbox, store.Directory, time)
    {
    }

    /// <summary>
    /// Reads the files, then writes. <paramref name="progress"/> hears lines done and lines in all. Goes on by itself when the store
    /// does not answer for a while as it writes.
    /// </summary>
    /// <exception cref="ImportException">The order or a file cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer for half a minute; another run stores what is missing.</exception>
    public async Task<ImportReport> RunAsync(ImportOrder order, IProgress<(int Done, int All)> progress, CancellationToken cancellationToken)
    {
        var options = new ConversationOptions();
        var group = TextRules.Name(order.Group, options.TitleScalarsMax)
            ?? throw new ImportException($"A group's name has 1 to {options.TitleScalarsMax} characters.");
        var report = new ImportReport { ConversationId = ConversationId.Of(StableId(order.TenantId.Value, group)) };
        var lines = await ReadAsync(order, report, options, cancellationToken);
        var authors = lines.Select(line => line.Author.UserId).Distinct().ToImmutableArray();
        report.Authors = authors.Length;
        if (lines.Count == 0)
        {
            throw new ImportException("The files hold no message.");
        }

        // Whatever can be refused is refused before the first write.
        await RequireKnownAsync(order, authors, cancellationToken);
        HashSet<CommandId> missing = [];
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                await WriteAsync(order, options, group, report, lines, missing, progress, cancellationToken);
                report.Stored = missing.Count;
                return report;
            }
            catch (Exception exception) when (repeats < RepeatsMax && (exception is StoreUnavailableException || (repeats > 0 && exception is GroupMovedException)))
            {
                // What was under way may have been written, or be written yet and then move the group's head once more.
                await Task.Delay(TimeSpan.FromSeconds(1 << repeats), time, cancellationToken);
            }
        }
    }

    /// <summary>Writes what is not there. <paramref name="missing"/> collects the lines that were not, whatever became of writing them.</summary>
    private async Task WriteAsync(
        ImportOrder order,
        ConversationOptions options,
        string group,
        ImportReport report,
        List<Line> lines,
        HashSet<CommandId> missing,
        IProgress<(int Done, int All)> progress,
        CancellationToken cancellationToken)
    {
        var authors = lines.Select(line => line.Author.UserId).Distinct();
        var stored = await log.ReadConversationAsync(order.TenantId, report.ConversationId, cancellationToken);
        ImmutableArray<UserId> joining = [.. authors.Union(order.Members).Except(stored?.Members ?? [])];
        if (joining.Length + (stored?.Members.Length ?? 0) > options.MembersMax)
        {
            throw new ImportException($"The group would have more than {options.MembersMax} members.");
        }

        await directory.AddPeopleAsync(order.TenantId, [.. lines.Select(line => line.Author).DistinctBy(author => author.UserId)], cancellationToken);
        await JoinAsync(order.TenantId, report.ConversationId, group, stored, joining, cancellationToken);
        var last = await AppendAsync(order.TenantId, report.ConversationId, lines, missing, progress, cancellationToken);
        await MarkReadAsync(order.TenantId, report.ConversationId, last, cancellationToken);
    }

    private static async Task<List<Line>> ReadAsync(
        ImportOrder order, ImportReport report, ConversationOptions options, CancellationToken cancellationToken)
    {
        List<Line> lines = [];
        Dictionary<string, Person> people = [];
        var nameScalarsMax = new DirectoryOptions().NameScalarsMax;
        foreach (var file in order.Files)
        {
            var clock = SupportChatClock.ForFile(file)
                ?? throw new ImportException($"{file}: the name does not begin with a day (yyyy-MM-dd).");
            var number = 0;
            foreach (var text in await ReadLinesAsync(file, cancellationToken))
            {
                number++;
                Take(file, number, text, clock);
            }
        }

        var addressing = new SupportChatAddressing(people.Values.Select(person => person.UserId));
        return [.. lines.Select(line => line.Addressed(addressing, report))];

        void Take(string file, int number, string text, SupportChatClock clock)
        {
            switch (SupportChatLine.Parse(text))
            {
                case SupportChatLine.Said said:
                    var at = clock.At(said.Minute);
                    var author = people.GetValueOrDefault(said.Nick) ?? PersonRules.Create(said.Nick, said.Nick, Role.Agent, nameScalarsMax);
                    var (content, refusal) = ConversationRules.CheckText(said.Text, options);
                    // An empty line was said, too: history is imported as it was.
                    if (author is null || refusal is not (null or CommandRefusal.TextEmpty))
                    {
                        report.MalformedLines.Add($"{file}:{number}: author or text is out of bounds.");
                        break;
                    }

                    people[said.Nick] = author;
                    report.Messages += said.IsAction ? 0 : 1;
                    report.Actions += said.IsAction ? 1 : 0;
                    var id = StableId(Path.GetFileName(file), number.ToString(CultureInfo.InvariantCulture), text);
                    lines.Add(new Line(author, id, content, at));
                    break;
                case SupportChatLine.Joined:
                    report.Joins++;
                    break;
                case SupportChatLine.Left:
                    report.Leaves++;
                    break;
                case SupportChatLine.Notice:
                    report.Notices++;
                    break;
                case SupportChatLine.Malformed:
                    report.MalformedLines.Add($"{file}:{number}: not a line of a support chat.");
                    break;
            }
        }
    }

    private static async Task<string[]> ReadLinesAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllLinesAsync(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{file}: {exception.Message}");
        }
    }

    private async Task RequireKnownAsync(ImportOrder order, ImmutableArray<UserId> authors, CancellationToken cancellationToken)
    {
        if (order.Members.Count == 0)
        {
            return;
        }

        var known = (await directory.ReadPeopleAsync(order.TenantId, cancellationToken)).Select(person => person.UserId).Concat(authors).ToHashSet();
        if (order.Members.FirstOrDefault(member => !known.Contains(member)) is { Value: { } unknown })
        {
            throw new ImportException($"--member {unknown}: nobody of the tenant {order.TenantId} has this id.");
        }
    }

    /// <summary>Creates the group, or adds to it whoever is not a member yet; the log states it either way.</summary>
    private async Task JoinAsync(
        TenantId tenant, ConversationId conversation, string group, StoredConversation? stored, ImmutableArray<UserId> joining, CancellationToken cancellationToken)
    {
        if (joining.IsEmpty)
        {
            return;
        }

        var now = time.GetUtcNow();
        var seq = (stored?.Head.Seq ?? 0) + 1;
        Require(await log.AppendAsync(
            new ConversationAppend
            {
                TenantId = tenant,
                ConversationId = conversation,
                Expected = stored?.Head,
                Creation = stored is null
                    ? new ConversationCreation { Kind = ConversationKind.Group, Title = group, CreatedBy = joining[0], CreatedAt = now }
                    : null,
                Entries =
                [
                    new MessageEntry
                    {
                        At = now,
                        Kind = MessageKind.System,
                        AuthorId = stored is null ? joining[0] : stored.Members[0],
                        ClientId = Guid.CreateVersion7(now),
                        Text = string.Empty,
                        Fact = stored is null
                            ? new SystemFact { Kind = SystemFactKind.Created, Targets = joining, After = group }
                            : new SystemFact { Kind = SystemFactKind.Added, Targets = joining },
                    },
                ],
                Begins = [.. joining.Select(user => new MembershipBegin { UserId = user, JoinedSeq = seq, ReadSeq = seq })],
            },
            cancellationToken));
    }

    /// <returns>The seq of the last line.</returns>
    private async Task<long> AppendAsync(
        TenantId tenant,
        ConversationId conversation,
        List<Line> lines,
        HashSet<CommandId> missing,
        IProgress<(int Done, int All)> progress,
        CancellationToken cancellationToken)
    {
        var done = 0;
        var last = 0L;
        var head = (await log.ReadConversationAsync(tenant, conversation, cancellationToken))!.Head;
        foreach (var chunk in lines.Chunk(AppendLines))
        {
            var there = (await log.FindCommandsAsync(tenant, conversation, [.. chunk.Select(line => line.Id)], cancellationToken))
                .ToDictionary(command => command.Id, command => command.Seq);
            ImmutableArray<LogEntry> entries = [.. chunk.Where(line => !there.ContainsKey(line.Id)).Select(line => line.ToEntry())];
            last = there.Values.Append(last).Max();
            missing.UnionWith(chunk.Select(line => line.Id).Where(id => !there.ContainsKey(id)));
            if (!entries.IsEmpty)
            {
                head = Require(await log.AppendAsync(
                    new ConversationAppend { TenantId = tenant, ConversationId = conversation, Expected = head, Entries = entries },
                    cancellationToken));
                last = head.Seq;
            }

            progress.Report((done += chunk.Length, lines.Count));
        }

        return last;
    }

    /// <summary>
    /// What somebody missed before joining is history, not unread. Of everybody who has read nothing yet, so that a run
    /// after an interrupted one does it for those who joined then; what was written behind the last line stays unread.
    /// </summary>
    private async Task MarkReadAsync(TenantId tenant, ConversationId conversation, long last, CancellationToken cancellationToken)
    {
        foreach (var chunk in (await inbox.ReadNewcomersAsync(tenant, conversation, cancellationToken)).Chunk(AppendLines))
        {
            await Task.WhenAll(chunk.Select(user => inbox.MarkReadAsync(tenant, user, conversation, last, cancellationToken)));
        }
    }

    private static Head Require(AppendResult result) => result switch
    {
        AppendResult.Appended appended => appended.Head,
        AppendResult.Rejected rejected => throw new ImportException($"The store refused it: {rejected.Reason}"),
        _ => throw new GroupMovedException(),
    };

    /// <summary>A UUID (version 8: made of a hash) that is the same in every run.</summary>
    private static Guid StableId(params ReadOnlySpan<string> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)))[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    private sealed record Line(Person Author, Guid ClientId, string Text, DateTimeOffset At, MentionSet? Mentions = null)
    {
        /// <summary>With the mention that the line begins with.</summary>
        internal Line Addressed(SupportChatAddressing addressing, ImportReport report)
        {
            var (text, mentions) = addressing.Read(Text, Author.UserId);
            report.Mentions += mentions is null ? 0 : 1;
            return this with { Text = text, Mentions = mentions };
        }

        internal CommandId Id => new(Author.UserId, ClientId);

        internal MessageEntry ToEntry() => new()
        {
            At = At,
            Kind = MessageKind.Text,
            AuthorId = Author.UserId,
            ClientId = ClientId,
            Text = Text,
            Mentions = Mentions,
        };
    }
}
