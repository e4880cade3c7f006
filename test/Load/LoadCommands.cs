using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using OrleansChat.Conversations;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Scenarios;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load;

/// <summary>What the tool can be told to do. Every count and time has a bound; load goes to loopback only.</summary>
internal static class LoadCommands
{
    private const int SessionsMax = 16_000;

    /// <summary>How long each scenario of --smoke lasts.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly Option<StoreKind> Store = new("--store")
    {
        Description = "Durable store: sqlite (a temporary file) or postgres (a server of the run's own, or --connection).",
        DefaultValueFactory = _ => StoreKind.Sqlite,
    };

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = "PostgreSQL: connection string of an empty database on this machine; without it the run starts its own server.",
    };

    private static readonly Option<string> GatewayAssembly = new("--gateway")
    {
        Description = "OrleansChat.Gateway.dll to start; by default the one built with this tool.",
        DefaultValueFactory = _ => GatewayBuiltWithThis(),
    };

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Another OrleansChat.Gateway.dll, or 'bare': the same load on it in turns, and the ratio of the two.",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Configuration or environment of the servers, as name=value (Sockets:QueueFramesMax=512). Repeat for more.",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> AgainstSet = new("--against-set")
    {
        Description = "As --set, for the gateway of --against only; without --against for a second run of the same one.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> ClusterConnection = new("--cluster")
    {
        Description = "Connection string of a running cluster's database on this machine: the load goes to it instead of to a server of the run's own.",
    };

    private static readonly Option<string?> ClusterId = new("--cluster-id") { Description = "Its Cluster:ClusterId, when it is not the default one." };

    private static readonly Option<Uri[]> Gateways = new("--gateways")
    {
        Description = "Its gateways (http://127.0.0.1:5081); sessions are opened to them in turns. Repeat for more.",
        DefaultValueFactory = _ => [],
        CustomParser = ReadGateways,
    };

    private static readonly Option<string?> TokenSecret = new("--token-secret")
    {
        Description = "Base64 of a secret that its gateways know (Tokens:Keys:0:Kid=load, Tokens:Keys:0:Secret); raise their Limits for a load run.",
    };

    private static readonly Option<bool> Pin = new("--pin")
    {
        Description = $"Keep the server and its database on core {Pinning.ServerCore} and the load on core {Pinning.LoadCore} (needs taskset).",
    };

    private static readonly Option<int> Rounds = Number("--rounds", "How often to measure; more than one reports medians.", 1, 1, 100);
    private static readonly Option<int> WarmUp = Number("--warm-up", "Seconds of load before anything is measured: until the server has been compiled for its load.", 75, 0, 600);
    private static readonly Option<int> Duration = Number("--duration", "Seconds measured.", 20, 1, 3_600);
    private static readonly Option<int> Text = Number("--text", "Length of a message in bytes.", 100, 10, 10_000);

    internal static RootCommand Create()
    {
        var smoke = new Option<bool>("--smoke") { Description = "Every scenario once, small, in seconds: fails when a message did not arrive." };
        var root = new RootCommand(
            "Load on the chat: drives the grains in this process, or a gateway in one of its own over real WebSockets. "
            + "Writes a table to standard error and one line of JSON per run to standard output. Exit code 0: measured and everything arrived; 1: not.")
        {
            Posts(), Deliveries(), Pairs(), Bare(), Idle(), Groups(), Inbox(), Presence(), Reconnect(), Search(), BareServer(), smoke,
        };
        root.SetAction((parsed, cancellationToken) => GuardAsync(() =>
            parsed.GetValue(smoke) ? SmokeAsync(cancellationToken) : throw new LoadException("Name a scenario, or --smoke; --help lists them.")));
        return root;
    }

    private static Command Posts()
    {
        var conversations = Number("--conversations", "Conversations that are posted into.", 1_000, 1, 100_000);
        var posters = Number("--posters", "Posts under way at the same time: how many posters (closed loop), or the most (open loop).", 1_000, 1, 100_000);
        var rate = new Option<double?>("--rate") { Description = "Posts per second on a timetable (open loop); without it posters post as fast as they are answered (closed loop)." };
        var command = new Command("posts", "Durable posts per second, on the grains without sockets: in this process, or those of a running cluster.")
        {
            Store, Connection, ClusterConnection, ClusterId, conversations, posters, rate, Text, WarmUp, Duration, Rounds,
        };
        rate.Validators.Add(result => Bound(result, result.GetValueOrDefault<double?>(), 1, 1_000_000));
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => PostsScenario.RunAsync(
            new PostsPlan
            {
                Store = parsed.GetValue(Store),
                Connection = parsed.GetValue(Connection),
                Cluster = TargetOf(parsed),
                Conversations = parsed.GetValue(conversations),
                Posters = parsed.GetValue(posters),
                Rate = parsed.GetValue(rate),
                WarmUp = Seconds(parsed, WarmUp),
                Duration = Seconds(parsed, Duration),
                TextBytes = parsed.GetValue(Text),
                Rounds = parsed.GetValue(Rounds),
            },
            cancellationToken)));
        return command;
    }

    private static Command Deliveries() => Socket(
        "deliveries",
        "Messages to groups over real WebSockets: CPU of gateway and database, latency of deliveries.",
        ConversationKind.Group, conversations: 20, members: 50, rate: 100);

    private static Command Pairs() => Socket(
        "pairs",
        "Messages between pairs of people over real WebSockets: latency of acknowledgement and delivery.",
        ConversationKind.Direct, conversations: 500, members: 2, rate: 500);

    private static Command Bare() => Socket(
        "bare",
        "The load of 'deliveries' on the gateway and, in turns, on a SignalR hub without store, grains and sessions.",
        ConversationKind.Group, conversations: 20, members: 50, rate: 100, against: "bare");

    private static Command Socket(
        string name, string description, ConversationKind kind, int conversations, int members, double rate, string? against = null)
    {
        var conversationsOption = Number("--conversations", "How many conversations.", conversations, 1, SessionsMax);
        var membersOption = Number("--members", "Members of each, every one with a session.", members, 1, SessionsMax);
        var rateOption = new Option<double>("--rate") { Description = "Posts per second in total, on a timetable (open loop).", DefaultValueFactory = _ => rate };
        rateOption.Validators.Add(result => Bound(result, result.GetValueOrDefault<double>(), 0.1, 100_000));
        var command = new Command(name, description) { Store, Connection, ClusterConnection, Gateways, TokenSecret, conversationsOption, rateOption, Text, WarmUp, Duration, Rounds, Pin, GatewayAssembly, Set };
        if (kind == ConversationKind.Group)
        {
            command.Options.Add(membersOption);
        }

        if (against is null)
        {
            command.Options.Add(Against);
            command.Options.Add(AgainstSet);
        }

        command.SetAction((parsed, cancellationToken) => GuardAsync(() =>
        {
            var plan = new TrafficPlan
            {
                Conversations = parsed.GetValue(conversationsOption),
                Members = kind == ConversationKind.Group ? parsed.GetValue(membersOption) : members,
                PostsPerSecond = parsed.GetValue(rateOption),
                WarmUp = Seconds(parsed, WarmUp),
                Duration = Seconds(parsed, Duration),
                TextBytes = parsed.GetValue(Text),
            };
            var sessions = (long)plan.Conversations * plan.Members;
            if (sessions > SessionsMax)
            {
                throw new LoadException($"--conversations × --members is {sessions}; it must not be more than {SessionsMax} sessions.");
            }

            var stage = StageOf(parsed, kind, plan.Conversations, plan.Members, (int)sessions);
            return SocketScenario.RunAsync(name, plan, stage, TargetOf(parsed) is { } cluster ? [new Contender.Cluster(cluster)] : Contenders(parsed, against ?? parsed.GetValue(Against)), parsed.GetValue(Rounds), cancellationToken);
        }));
        return command;
    }

    private static Command Idle()
    {
        var first = Number("--first", "Sessions before the first measurement.", 200, 1, SessionsMax / 2);
        var sessions = Number("--sessions", "Sessions that are added and measured.", 2_000, 1, SessionsMax / 2);
        var settle = Number("--settle", "Seconds of idleness before memory is read.", 20, 1, 600);
        var command = new Command("idle", "Memory of the gateway per idle session, after a full garbage collection.")
        {
            Store, Connection, first, sessions, settle, Rounds, Pin, GatewayAssembly, Set, Against, AgainstSet,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => IdleScenario.RunAsync(
            StageOf(parsed, ConversationKind.Group, 1, 1, parsed.GetValue(first) + parsed.GetValue(sessions)),
            parsed.GetValue(first),
            parsed.GetValue(sessions),
            Seconds(parsed, settle),
            Contenders(parsed, parsed.GetValue(Against)),
            parsed.GetValue(Rounds),
            cancellationToken)));
        return command;
    }

    private static Command Groups()
    {
        var members = Number("--members", "Members of the largest group; smaller ones have 10, 100, 1,000.", 10_000, GroupsPlan.Smallest, SessionsMax);
        var rate = new Option<double>("--rate") { Description = "Posts per second, on a timetable (open loop).", DefaultValueFactory = _ => 20 };
        var deliveries = new Option<double>("--deliveries-max") { Description = "Fewer posts where they would be more deliveries per second than this.", DefaultValueFactory = _ => 5_000 };
        rate.Validators.Add(result => Bound(result, result.GetValueOrDefault<double>(), 0.1, 100_000));
        deliveries.Validators.Add(result => Bound(result, result.GetValueOrDefault<double>(), 100, 1_000_000));
        var command = new Command("groups", "Posts into groups of 10 to 10,000 members with 0, 10 and 100 % of them online: latency, CPU per delivery, database rows per message.")
        {
            Store, Connection, members, rate, deliveries, Text, WarmUp, Duration, Pin, GatewayAssembly, Set,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => GroupsScenario.RunAsync(
            new GroupsPlan
            {
                Members = parsed.GetValue(members),
                PostsPerSecond = parsed.GetValue(rate),
                DeliveriesPerSecondMax = parsed.GetValue(deliveries),
                WarmUp = Seconds(parsed, WarmUp),
                Duration = Seconds(parsed, Duration),
                TextBytes = parsed.GetValue(Text),
            },
            StageOf(parsed, ConversationKind.Group, 1, 1, parsed.GetValue(members)),
            GatewayOf(parsed),
            cancellationToken)));
        return command;
    }

    private static Command Reconnect()
    {
        var sessions = Number("--sessions", "People, each with a session.", 2_000, ReconnectPlan.GroupMembers, SessionsMax);
        var conversations = Number("--conversations", "Conversations of each person: groups of 10.", 50, 1, ReconnectPlan.ListPage);
        var storms = Number("--storms", "How often all sockets are cut; medians of all but the first, which warms up.", 4, 2, 100);
        var command = new Command("reconnect", "All sockets are cut at once: how long until each session is resumed (connected, chat list and Sync answered).")
        {
            Store, Connection, sessions, conversations, storms, Pin, GatewayAssembly, Set, Against, AgainstSet,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => ReconnectScenario.RunAsync(
            new ReconnectPlan
            {
                Sessions = parsed.GetValue(sessions),
                Conversations = parsed.GetValue(conversations),
                Storms = parsed.GetValue(storms),
            },
            StageOf(parsed, ConversationKind.Group, 1, 1, parsed.GetValue(sessions)),
            Contenders(parsed, parsed.GetValue(Against)),
            cancellationToken)));
        return command;
    }

    private static Command Presence()
    {
        var sessions = Number("--sessions", "People, each with a session that watches.", 2_000, 2, SessionsMax);
        var watched = Number("--watched", "Whom each session watches: so many neighbours.", 50, 1, 200);
        var rate = new Option<double>("--rate") { Description = "Changes of presence per minute, on a timetable (open loop).", DefaultValueFactory = _ => 10_000 };
        rate.Validators.Add(result => Bound(result, result.GetValueOrDefault<double>(), 1, 600_000));
        var command = new Command("presence", "Changes of presence, each told to everybody who watches the person: CPU of the gateway, latency of deliveries.")
        {
            Store, Connection, sessions, watched, rate, WarmUp, Duration, Rounds, Pin, GatewayAssembly, Set, Against, AgainstSet,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => PresenceScenario.RunAsync(
            new PresencePlan
            {
                Sessions = parsed.GetValue(sessions),
                Watched = parsed.GetValue(watched),
                ChangesPerMinute = parsed.GetValue(rate),
                WarmUp = Seconds(parsed, WarmUp),
                Duration = Seconds(parsed, Duration),
            },
            StageOf(parsed, ConversationKind.Group, 1, 1, parsed.GetValue(sessions)),
            Contenders(parsed, parsed.GetValue(Against)),
            parsed.GetValue(Rounds),
            cancellationToken)));
        return command;
    }

    private static Command Search()
    {
        var messages = Number("--messages", "Messages to search through.", 1_000_000, 1_000, 10_000_000);
        var conversations = Number("--conversations", "Conversations that they are in.", 1_000, 1, SessionsMax);
        var memberships = Number("--memberships", "Conversations that the searcher belongs to.", 50, 1, SessionsMax);
        var searches = Number("--searches", "Searches measured of each kind.", 200, 1, 100_000);
        var command = new Command("search", "Full-text searches of one member through many messages, on the store alone; and how fast they are indexed.")
        {
            Store, Connection, messages, conversations, memberships, searches,
        };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => SearchScenario.RunAsync(
            new SearchPlan
            {
                Store = parsed.GetValue(Store),
                Connection = parsed.GetValue(Connection),
                Messages = parsed.GetValue(messages),
                Conversations = parsed.GetValue(conversations),
                Memberships = Math.Min(parsed.GetValue(memberships), parsed.GetValue(conversations)),
                Searches = parsed.GetValue(searches),
            },
            cancellationToken)));
        return command;
    }

    private static Command Inbox()
    {
        var conversations = Number("--conversations", "The longest chat list; a tenth of it and 10 are measured too.", 10_000, 10, 100_000);
        var reads = Number("--reads", "How often each list's first page is read.", 100, 1, 100_000);
        var command = new Command("inbox", "The first page of chat lists of different lengths, on the store.") { Store, Connection, conversations, reads };
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => InboxScenario.RunAsync(
            new InboxPlan
            {
                Store = parsed.GetValue(Store),
                Connection = parsed.GetValue(Connection),
                Conversations = parsed.GetValue(conversations),
                Reads = parsed.GetValue(reads),
            },
            cancellationToken)));
        return command;
    }

    private static Command BareServer()
    {
        var command = new Command("bare-server", "The bare hub itself; 'bare' starts it.") { Hidden = true };
        command.SetAction((_, cancellationToken) => BareHub.RunAsync(cancellationToken));
        return command;
    }

    private static async Task SmokeAsync(CancellationToken cancellationToken)
    {
        if (LatencyHistogram.CheckItself() is { } wrong)
        {
            throw new LoadException(wrong);
        }

        // What is measured means nothing here, and most of the time is spent waiting: all at once.
        var gateway = new Contender.Gateway("gateway", GatewayBuiltWithThis());
        var stage = new Stage { Store = StoreKind.Sqlite, Kind = ConversationKind.Group, Conversations = 1, Members = 1, People = 40, Pinned = false };
        await Task.WhenAll(
            RuntimeDiagnostics.CheckItselfAsync(cancellationToken),
            SmokeStoreAndClientsAsync(gateway, stage, cancellationToken),
            SmokeTrafficAsync(gateway, stage, cancellationToken),
            SmokeGroupsAsync(gateway, stage, cancellationToken));
    }

    private static async Task SmokeStoreAndClientsAsync(Contender.Gateway gateway, Stage stage, CancellationToken cancellationToken)
    {
        var posts = new PostsPlan { Store = StoreKind.Sqlite, Conversations = 10, Posters = 20, WarmUp = Moment, Duration = Moment, TextBytes = 50, Rounds = 1 };
        await PostsScenario.RunAsync(posts, cancellationToken);
        await PostsScenario.RunAsync(posts with { Rate = 200, Posters = 1_000 }, cancellationToken);
        await SearchScenario.RunAsync(
            new SearchPlan { Store = StoreKind.Sqlite, Messages = 20_000, Conversations = 20, Memberships = 5, Searches = 20 }, cancellationToken);
        await InboxScenario.RunAsync(new InboxPlan { Store = StoreKind.Sqlite, Conversations = 200, Reads = 5 }, cancellationToken);

        var storms = new ReconnectPlan { Sessions = 40, Conversations = 25, Storms = 2, Settle = Moment };
        await ReconnectScenario.RunAsync(storms, stage, [gateway], cancellationToken);

        var presence = new PresencePlan { Sessions = 40, Watched = 10, ChangesPerMinute = 600, WarmUp = Moment, Duration = Moment };
        await PresenceScenario.RunAsync(presence, stage, [gateway], 1, cancellationToken);
    }

    private static async Task SmokeTrafficAsync(Contender.Gateway gateway, Stage stage, CancellationToken cancellationToken)
    {
        var groups = new TrafficPlan { Conversations = 4, Members = 5, PostsPerSecond = 40, WarmUp = Moment, Duration = Moment, TextBytes = 50 };
        await SocketScenario.RunAsync(
            "bare", groups, stage with { Conversations = 4, Members = 5, People = 20 }, [gateway, new Contender.Bare()], 1, cancellationToken);

        var pairs = groups with { Conversations = 10, Members = 2 };
        await SocketScenario.RunAsync(
            "pairs", pairs, stage with { Kind = ConversationKind.Direct, Conversations = 10, Members = 2, People = 20 }, [gateway], 1, cancellationToken);

        await IdleScenario.RunAsync(stage with { People = 30 }, 10, 20, Moment, [gateway], 1, cancellationToken);
    }

    private static async Task SmokeGroupsAsync(Contender.Gateway gateway, Stage stage, CancellationToken cancellationToken)
    {
        var sizes = new GroupsPlan
        {
            Members = 100, PostsPerSecond = 20, DeliveriesPerSecondMax = 1_000, WarmUp = Moment, CellWarmUp = Moment / 2, Duration = Moment, TextBytes = 50,
        };
        await GroupsScenario.RunAsync(sizes, stage with { People = 100 }, gateway, cancellationToken);
    }

    private static Contender.Gateway GatewayOf(ParseResult parsed) => new("gateway", Path.GetFullPath(parsed.GetValue(GatewayAssembly)!));

    private static Contender[] Contenders(ParseResult parsed, string? against)
    {
        var gateway = GatewayOf(parsed);
        (string, string)[] others = [.. (parsed.GetValue(AgainstSet) ?? []).Select(Setting)];
        return against switch
        {
            null when others.Length == 0 => [gateway],
            null => [gateway, new Contender.Gateway("other settings", gateway.Assembly, others)],
            "bare" => [gateway, new Contender.Bare()],
            _ => [gateway, new Contender.Gateway("other gateway", Path.GetFullPath(against), others)],
        };
    }

    private static ClusterTarget? TargetOf(ParseResult parsed) => parsed.GetValue(ClusterConnection) is { } connection
        ? new ClusterTarget
        {
            Connection = connection,
            ClusterId = parsed.GetValue(ClusterId),
            Gateways = parsed.GetValue(Gateways) ?? [],
            TokenSecret = parsed.GetValue(TokenSecret),
        }
        : null;

    private static Uri[]? ReadGateways(System.CommandLine.Parsing.ArgumentResult result)
    {
        List<Uri> gateways = [];
        foreach (var token in result.Tokens)
        {
            if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var gateway) || gateway.Scheme != Uri.UriSchemeHttp)
            {
                result.AddError($"--gateways {token.Value} is not an http URL.");
                return null;
            }

            gateways.Add(gateway);
        }

        return [.. gateways];
    }

    private static Stage StageOf(ParseResult parsed, ConversationKind kind, int conversations, int members, int people) => new()
    {
        Store = parsed.GetValue(Store),
        Connection = parsed.GetValue(Connection),
        Kind = kind,
        Conversations = conversations,
        Members = members,
        People = people,
        Pinned = parsed.GetValue(Pin),
        Environment = [.. (parsed.GetValue(Set) ?? []).Select(Setting)],
    };

    private static (string Name, string Value) Setting(string text) =>
        text.Split('=', 2) is [var name, var value] ? (name, value) : throw new LoadException($"--set {text} is not name=value.");

    /// <summary>Beside this program's output folder, in the same configuration.</summary>
    private static string GatewayBuiltWithThis()
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent?.Parent?.FullName ?? "", "Gateway", own.Name, "OrleansChat.Gateway.dll");
    }

    private static TimeSpan Seconds(ParseResult parsed, Option<int> option) => TimeSpan.FromSeconds(parsed.GetValue(option));

    private static Option<int> Number(string name, string description, int value, int minimum, int maximum)
    {
        var option = new Option<int>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} {minimum} to {maximum}."),
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result => Bound(result, result.GetValueOrDefault<int>(), minimum, maximum));
        return option;
    }

    private static void Bound(System.CommandLine.Parsing.OptionResult result, double? value, double minimum, double maximum)
    {
        if (value < minimum || value > maximum)
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{result.Option.Name} is {value}; it must be between {minimum} and {maximum}."));
        }
    }

    /// <summary>What fails is one line on standard error and exit code 1.</summary>
    private static async Task<int> GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return 1;
        }
        catch (Exception exception) when (exception is LoadException or IOException or HostAbortedException)
        {
            await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }
}
