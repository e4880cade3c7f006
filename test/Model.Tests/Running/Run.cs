using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;
using OrleansChat.Model.Tests.Commands;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Model.Tests.Testing;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Running;

/// <summary>Where the real chat and the model part.</summary>
internal sealed class MismatchException(string message) : Exception(message);

/// <summary>
/// One seed: commands against the real chat and the model. Every answer is compared; every few steps also what everybody
/// reads, what everybody's client made of the events, and what it makes of a resync from an earlier point.
/// </summary>
internal sealed class Run
{
    private const int StepsBetweenComparisons = 20;

    private static int _tenants;

    private readonly ModelHost _host;
    private readonly TenantId _tenant;
    private readonly ModelChat _model;
    private readonly RealChat _real;
    private readonly Heard _heard;
    private readonly Random _order;
    private readonly Dictionary<UserId, ClientModel> _clients = [];
    private readonly Dictionary<UserId, List<View>> _earlier = [];
    private readonly Dictionary<(UserId, ConversationId), (int Turns, long Version)> _versions = [];
    private readonly Coverage _coverage;

    private Run(ModelHost host, int seed, Coverage coverage)
    {
        _host = host;
        _tenant = TenantId.Of($"seed{seed}-{Interlocked.Increment(ref _tenants)}");
        _model = new ModelChat(_tenant, () => host.Time.GetUtcNow());
        _real = new RealChat(host, _tenant);
        _heard = host.Events.Of(_tenant);
        _order = new Random(seed);
        _coverage = coverage;
        foreach (var player in Cast.Actors)
        {
            _clients[player.Id] = new ClientModel(player.Id);
            _earlier[player.Id] = [];
        }
    }

    /// <summary>Runs a seed.</summary>
    /// <returns>The commands, and what was wrong after the last of them; null when nothing was.</returns>
    internal static async Task<(List<Command> Script, string? Failure)> OfSeedAsync(ModelHost host, int seed, int steps, Coverage coverage)
    {
        var generator = new Generator(seed);
        var script = new List<Command>(steps);
        var failure = await RunAsync(host, seed, coverage, model =>
        {
            if (script.Count == steps)
            {
                return null;
            }

            script.Add(generator.Next(model, script.Count));
            return script[^1];
        });
        return (script, failure);
    }

    /// <summary>Runs a script; null when the real chat and the model agree.</summary>
    internal static Task<string?> OfScriptAsync(ModelHost host, int seed, IEnumerable<Command> script)
    {
        var commands = new Queue<Command>(script);
        return RunAsync(host, seed, new Coverage(), _ => commands.TryDequeue(out var command) ? command : null);
    }

    private static async Task<string?> RunAsync(ModelHost host, int seed, Coverage coverage, Func<ModelChat, Command?> next)
    {
        var run = new Run(host, seed, coverage);
        try
        {
            host.Time.Advance(TimeSpan.FromMinutes(1)); // Of the seeds before nothing is near.
            await run.PrepareAsync();
            for (var step = 1; next(run._model) is { } command; step++)
            {
                await run.StepAsync(command);
                if (step % StepsBetweenComparisons == 0)
                {
                    await run.CompareAsync();
                }
            }

            await run.CompareAsync();
            coverage.Add(run._model);
            return null;
        }
        catch (MismatchException mismatch)
        {
            return mismatch.Message;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.ToString();
        }
        finally
        {
            host.Events.Forget(run._tenant);
        }
    }

    private async Task PrepareAsync()
    {
        await _host.Store.Directory.AddPeopleAsync(
            _tenant,
            [.. Cast.All.Where(player => player.Known).Select(player => new Person { UserId = player.Id, Name = player.Name, Role = player.Role, Active = player.Active })],
            CancellationToken.None);
        await _host.People(_tenant).SetPolicyAsync(
            new SetPolicy { Actor = UserId.Of("desk"), Policy = TenantPolicy.Default with { Owner = ChatPermissions.DirectStart } }, CancellationToken.None);
    }

    private async Task StepAsync(Command command)
    {
        var actual = await command.RunAsync(_real);
        var expected = command.Expect(_model);
        if (actual != expected)
        {
            throw new MismatchException($"{command}\n expected {expected}\n  but was {actual}");
        }

        _coverage.Add(command, actual);
    }

    private async Task CompareAsync()
    {
        await TellAsync();
        foreach (var player in Cast.Actors)
        {
            await CompareAsync(player);
        }
    }

    /// <summary>Tells everybody what was published since the last time: some of it twice, some of it late.</summary>
    private async Task TellAsync()
    {
        var told = new List<Action>();
        foreach (var published in await _heard.TakeAsync(_model.Conversations.Values.ToDictionary(conversation => conversation.Id, conversation => conversation.Rev)))
        {
            switch (published)
            {
                case ConversationAppended appended:
                    foreach (var change in appended.Changes)
                    {
                        told.AddRange(Tell(appended.ConversationId, change));
                    }

                    break;
                case TenantSignal signal:
                    told.AddRange(_clients.Values.Select(client => (Action)(() => client.Hear(signal))));
                    break;
            }
        }

        for (var i = 0; i < told.Count; i++)
        {
            switch (_order.Next(8))
            {
                case 0:
                    told.Insert(_order.Next(i, told.Count + 1), told[i]);
                    break;
                case 1:
                    var other = _order.Next(i, Math.Min(told.Count, i + 12));
                    (told[i], told[other]) = (told[other], told[i]);
                    break;
            }

            told[i]();
        }
    }

    private IEnumerable<Action> Tell(ConversationId id, ConversationChange change)
    {
        var conversation = _model.Of(id) ?? throw new MismatchException($"{id} was published and does not exist");
        if (change.Rev > conversation.Rev || conversation.Changes[(int)change.Rev - 1].Kind != change.Kind)
        {
            throw new MismatchException($"{id} published change {change.Rev} {change.Kind}, which did not happen");
        }

        foreach (var client in _clients.Values.Where(client => conversation.Changes[(int)change.Rev - 1].Heard.Contains(client.Me)))
        {
            yield return () => client.Hear(id, change);
        }
    }

    private async Task CompareAsync(Player player)
    {
        var caller = new ListAll { By = player, PageSize = 1 }.CallerOf(_tenant);
        var rows = (await _real.Inbox(player).ListAsync(new InboxQuery { Caller = caller, Limit = 200 }, CancellationToken.None)).Rows;
        Same(player, "list", Show.Rows(_model.List(caller)), Show.Rows(rows));
        Same(player, "drafts", Show.Drafts(_model.Drafts(caller)), Show.Drafts(await _real.Inbox(player).DraftsAsync(caller, CancellationToken.None)));
        var fresh = new List<View>(rows.Length);
        foreach (var row in rows)
        {
            fresh.Add(await ReadAsync(player, caller, row));
        }

        foreach (var view in fresh)
        {
            Equal($"{player} reads {view.Id}", view, _model.Of(view.Id)!.ViewOf(player.Id));
            CheckVersion(player, view);
        }

        await CompareClientAsync(player, caller, fresh);
        await CompareResyncAsync(player, caller, fresh);
        if (_order.Next(4) == 0)
        {
            _clients[player.Id].Reset(fresh);
        }

        if (_order.Next(3) == 0)
        {
            _earlier[player.Id] = [.. fresh.Select(view => view.Copy())];
        }
    }

    /// <summary>What was read once and moved on by events is what is read now.</summary>
    private async Task CompareClientAsync(Player player, Caller caller, List<View> fresh)
    {
        var client = _clients[player.Id];
        foreach (var unknown in client.Unknown.ToArray())
        {
            client.Load(unknown, await SyncFromNothingAsync(player, caller, unknown, fresh.Find(view => view.Id == unknown)));
        }

        foreach (var view in fresh)
        {
            Equal($"{player} was told of {view.Id}", client.Of(view.Id) ?? throw new MismatchException($"{player} was not told of {view.Id}"), view);
        }

        if (client.Views.FirstOrDefault(view => fresh.TrueForAll(other => other.Id != view.Id)) is { } stale)
        {
            throw new MismatchException($"{player} was not told that {stale.Id} is gone");
        }
    }

    /// <summary>What was read earlier and moved on by a resync is what is read now (rule M12).</summary>
    private async Task CompareResyncAsync(Player player, Caller caller, List<View> fresh)
    {
        if (_earlier[player.Id] is not { Count: > 0 } earlier)
        {
            return;
        }

        var points = earlier.Select(view => new SyncPoint { ConversationId = view.Id, Rev = view.Rev });
        foreach (var (synced, before) in (await _real.Inbox(player).SyncAsync(caller, [.. points], CancellationToken.None)).Zip(earlier))
        {
            var now = fresh.Find(view => view.Id == before.Id);
            if (now is null != synced.Row is null)
            {
                throw new MismatchException($"{player} resyncs {before.Id}: {Show.Of(synced.Row)}");
            }

            if (now is not null && !synced.Reset)
            {
                var moved = synced.Changes.Aggregate(before.Copy(), (view, change) => Reducer.Apply(view, change, player.Id));
                var same = moved.Basis.ReadVersion == now.Basis.ReadVersion;
                Equal($"{player} resyncs {before.Id} since {before.Rev}", same ? moved : moved with { Basis = now.Basis, Level = now.Level }, now);
            }
        }
    }

    /// <summary>A conversation that a client hears of for the first time: its row, and its messages from its changes.</summary>
    private async Task<View?> SyncFromNothingAsync(Player player, Caller caller, ConversationId id, View? fresh)
    {
        var synced = (await _real.Inbox(player).SyncAsync(caller, [new SyncPoint { ConversationId = id, Rev = 0 }], CancellationToken.None)).Single();
        if (synced.Row is not { } row || synced.Reset)
        {
            return fresh;
        }

        var empty = ViewOf(row) with { Rev = 0, Seq = 0, Members = row.Kind == ConversationKind.Direct ? [.. fresh?.Members ?? []] : [] };
        return synced.Changes.Aggregate(empty, (view, change) => Reducer.Apply(view, change, player.Id)) with { Basis = row.Basis };
    }

    private async Task<View> ReadAsync(Player player, Caller caller, InboxRow row)
    {
        var conversation = _host.Conversation(_tenant, row.ConversationId);
        var history = await conversation.HistoryAsync(
            new HistoryQuery { Caller = caller, Anchor = HistoryAnchor.Latest, Limit = 200 }, CancellationToken.None);
        var members = await conversation.ListMembersAsync(new MembersQuery { Caller = caller, Limit = 200 }, CancellationToken.None);
        if (!history.Found || !members.Found || history.Head != row.Head || history.ReadSeq != row.Basis.ReadSeq)
        {
            throw new MismatchException($"{player} lists {Show.Of(row)} and reads {history.Found} {members.Found} {history.Head} {history.ReadSeq}");
        }

        return ViewOf(row) with
        {
            Members = [.. members.Members.Select(member => member.UserId)],
            Messages = history.Messages.ToDictionary(message => message.Seq),
        };
    }

    private static View ViewOf(InboxRow row) => new()
    {
        Id = row.ConversationId,
        Kind = row.Kind,
        Title = row.Title,
        PeerId = row.PeerId,
        PeerName = row.PeerName,
        Rev = row.Head.Rev,
        Seq = row.Head.Seq,
        LastActivity = row.LastActivity,
        Level = row.Level,
        LastMessage = row.LastMessage,
        Basis = row.Basis,
        Members = [],
        Messages = [],
    };

    /// <summary>The read version rises with every change of somebody's own row, and with nothing else (design: unread).</summary>
    private void CheckVersion(Player player, View view)
    {
        var now = (Turns: _model.Of(view.Id)!.Turns[player.Id], Version: view.Basis.ReadVersion);
        if (_versions.TryGetValue((player.Id, view.Id), out var before) && now.Turns.CompareTo(before.Turns) != now.Version.CompareTo(before.Version))
        {
            throw new MismatchException($"{player}'s row of {view.Id} changed {now.Turns - before.Turns} times, its version from {before.Version} to {now.Version}");
        }

        _versions[(player.Id, view.Id)] = now;
    }

    private static void Same(Player player, string what, string expected, string actual)
    {
        if (expected != actual)
        {
            throw new MismatchException($"{player}'s {what}\n expected {expected}\n  but was {actual}");
        }
    }

    private static void Equal(string what, View actual, View expected)
    {
        if (actual.DifferenceFrom(expected) is { } difference)
        {
            throw new MismatchException($"{what}: {difference}");
        }
    }
}
