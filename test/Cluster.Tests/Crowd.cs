using System.Globalization;
using OrleansChat.Checker;

namespace OrleansChat.Cluster.Tests;

/// <summary>How many people say how much.</summary>
internal sealed record CrowdPlan
{
    public int Users { get; init; } = 60;

    public int Conversations { get; init; } = 10;

    /// <summary>Messages per second of all of them together, while nothing hinders them.</summary>
    public double PerSecond { get; init; } = 60;

    /// <summary>People who belong to nothing and try all the same.</summary>
    public int Strangers { get; init; } = 2;
}

/// <summary>
/// People with a client each, who belong to one conversation each and say something now and then; one more per conversation
/// who may join it later; and strangers, who post where they do not belong.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan StrangersPause = TimeSpan.FromSeconds(1);

    private readonly CrowdPlan _plan;
    private readonly Town _town;
    private readonly History _history;
    private readonly Random _random;
    private readonly List<ChatClient> _clients = [];
    private readonly List<string> _conversations = [];
    private readonly Dictionary<string, Queue<ChatClient>> _spare = [];
    private readonly Dictionary<string, Queue<ChatClient>> _members = [];
    private readonly List<Task> _typing = [];
    private readonly CancellationTokenSource _enough = new();

    private Crowd(CrowdPlan plan, Town town, History history, int seed) => (_plan, _town, _history, _random) = (plan, town, history, new Random(seed));

    internal IReadOnlyList<ChatClient> Clients => _clients;

    internal IReadOnlyList<string> Conversations => _conversations;

    /// <summary>Everybody is connected, and then begins to type.</summary>
    /// <param name="plan">How many.</param>
    /// <param name="database">Whose database the people are in.</param>
    /// <param name="gateways">The gateways of each client by its number, the first one first.</param>
    /// <param name="history">Where everything goes.</param>
    /// <param name="seed">Of every choice.</param>
    internal static async Task<Crowd> GatherAsync(CrowdPlan plan, ClusterDatabase database, Func<int, IReadOnlyList<Uri>> gateways, History history, int seed)
    {
        var people = plan.Users + plan.Conversations + plan.Strangers;
        var crowd = new Crowd(plan, await Town.OpenAsync(database, people), history, seed);
        for (var number = 0; number < plan.Conversations; number++)
        {
            var members = Enumerable.Range(0, plan.Users).Where(user => crowd.NumberOf(user) == number).Select(Town.NameOf);
            crowd._conversations.Add(await crowd._town.AddGroupAsync(string.Create(CultureInfo.InvariantCulture, $"Group {number}"), members));
        }

        for (var number = 0; number < people; number++)
        {
            var name = Town.NameOf(number);
            var conversation = crowd._conversations[crowd.NumberOf(number)];
            var client = new ChatClient(
                gateways(number), new TokenEntrance(database.TokenSigner.TokenOf(Town.Tenant, name, name)), Backoff.OfTheWebClient, name, name,
                number < plan.Users ? [conversation] : [], history, crowd._random.Next());
            crowd._clients.Add(client);
            if (number < plan.Users)
            {
                Add(crowd._members, conversation, client);
            }
            else if (number < plan.Users + plan.Conversations)
            {
                Add(crowd._spare, conversation, client);
            }
        }

        await Task.WhenAll(crowd._clients.Select(client => client.ConnectedAsync())).WaitAsync(TimeSpan.FromMinutes(1));
        crowd.BeginToType();
        return crowd;
    }

    /// <summary>One person joins a conversation and begins to type in it; one who was there from the start leaves it.</summary>
    internal async Task ChangeMembersAsync(string conversation)
    {
        if (_spare[conversation].TryDequeue(out var joins) && _members[conversation].TryDequeue(out var leaves))
        {
            await _town.AddMemberAsync(conversation, joins.User, _history);
            _typing.Add(TypeAsync(joins, conversation, new Random(_random.Next())));
            await _town.RemoveMemberAsync(conversation, leaves.User);
        }
    }

    /// <summary>Everybody finishes what they began to send.</summary>
    internal async Task StopTypingAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_typing).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>What went wrong with those who type; nothing while all is well.</summary>
    internal IEnumerable<Exception> Failures => _typing.Where(typing => typing.IsFaulted).Select(typing => typing.Exception!.InnerException!);

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        await _town.DisposeAsync();
        _enough.Dispose();
    }

    /// <summary>Neighbours belong to the same conversation, and use different gateways.</summary>
    private int NumberOf(int client) => client < _plan.Users ? client * _plan.Conversations / _plan.Users : (client - _plan.Users) % _plan.Conversations;

    private static void Add(Dictionary<string, Queue<ChatClient>> clients, string conversation, ChatClient client)
    {
        if (!clients.TryGetValue(conversation, out var ofConversation))
        {
            clients.Add(conversation, ofConversation = new Queue<ChatClient>());
        }

        ofConversation.Enqueue(client);
    }

    private void BeginToType()
    {
        foreach (var (conversation, members) in _members)
        {
            foreach (var client in members)
            {
                _typing.Add(TypeAsync(client, conversation, new Random(_random.Next())));
            }
        }

        for (var number = _plan.Users + _plan.Conversations; number < _clients.Count; number++)
        {
            _typing.Add(IntrudeAsync(_clients[number], new Random(_random.Next())));
        }
    }

    private async Task TypeAsync(ChatClient client, string conversation, Random random)
    {
        var pause = TimeSpan.FromSeconds(_plan.Users / _plan.PerSecond);
        for (var number = 1; await PausesAsync(-Math.Log(1 - random.NextDouble()) * pause); number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{client.Name} {number} {new string('\u00E9', random.Next(1, 200))}");
            var accepted = await client.PostAsync(conversation, text, Guid.CreateVersion7());
            if (accepted is null && !client.Conversations.Contains(conversation) && !_spare[conversation].Contains(client) && number > 1)
            {
                return; // Removed.
            }
        }
    }

    private async Task IntrudeAsync(ChatClient client, Random random)
    {
        while (await PausesAsync(StrangersPause))
        {
            (await client.PostAsync(_conversations[random.Next(_conversations.Count)], "Let me in", Guid.CreateVersion7())).ShouldBeNull("a stranger may post");
        }
    }

    /// <summary>False when it is time to stop.</summary>
    private async Task<bool> PausesAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _enough.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return !_enough.IsCancellationRequested;
    }
}
