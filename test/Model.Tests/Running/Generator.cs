using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Commands;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Presence;

namespace OrleansChat.Model.Tests.Running;

/// <summary>Makes up what people do next, from a seed and from how things stand.</summary>
internal sealed class Generator(int seed)
{
    private const int GroupsMax = 4;

    private static readonly string[] Emojis = ["👍", "🎉", "❤️", "👩🏽‍🚀"];

    private static readonly string[] Plain =
        ["hello", "thanks", "ticket 4711", "cafe\u0301", "٣ مرحبا", "a < b & c > d", "it`s", "\u200b", "🎉", new('w', 250), new('x', 299), new('y', 301), " ", "", "nul\0"];

    private static readonly string[] Titles = ["Billing", " Shift lead ", "Zoë & co", "Night", "", new('t', 64), new('t', 65), "tab\there"];

    private static readonly Player[] Foreign = [Cast.Dee, Cast.Zed];

    /// <summary>Whom the helpdesk changes.</summary>
    private static readonly Player[] Changing = [Cast.Eva, Cast.Rae, Cast.Max, Cast.Dee];

    private static readonly Place[] Directs =
    [
        new Place.Direct(Cast.Ann, Cast.Bob), new Place.Direct(Cast.Ann, Cast.Ann), new Place.Direct(Cast.Bob, Cast.Eva), new Place.Direct(Cast.Cleo, Cast.Eva),
        new Place.Direct(Cast.Rae, Cast.Ann), new Place.Direct(Cast.Dee, Cast.Ann), new Place.Direct(Cast.Bob, Cast.Zed), new Place.Direct(Cast.Max, Cast.Cleo),
    ];

    private readonly Random _random = new(seed);
    private readonly List<Place> _groups = [];
    private readonly List<WritingCommand> _written = [];

    /// <summary>Each kind of command with its weight.</summary>
    private (int Weight, Func<ModelChat, int, Command> Make)[] Kinds =>
    [
        (26, Post),
        (9, Edit),
        (8, Delete),
        (8, React),
        (_groups.Count < GroupsMax ? 6 : 1, Create),
        (5, Add),
        (5, Remove),
        (2, Rename),
        (10, (model, _) => MarkRead(model)),
        (4, (model, _) => MarkUnread(model)),
        (3, (_, _) => new MarkAllRead { By = Actor() }),
        (3, (_, _) => new UndoMarkAllRead { By = Actor() }),
        (6, (model, _) => SetNotified(model)),
        (2, (_, _) => new ListMentions { By = Actor(), PageSize = _random.Next(1, 4), UnreadOnly = _random.Next(2) == 0 }),
        (3, (model, _) => MarkMention(model)),
        (5, (model, _) => KeepDraft(model)),
        (3, (_, _) => new ListAll { By = Actor(), PageSize = _random.Next(1, 4) }),
        (4, (model, _) => History(model)),
        (2, (model, _) => Versions(model)),
        (1, (model, _) => Members(model)),
        (3, (model, _) => Sync(model)),
        (1, (_, _) => Find()),
        (1, (model, _) => Keep(model)),
        (2, (_, _) => Provision()),
        (5, (_, _) => new Shows { By = Actor(), Status = _random.Next(3) > 0 ? ManualStatus.Auto : (ManualStatus)_random.Next(1, 5) }),
        (6, Repeat),
        (4, (_, _) => Wait()),
    ];

    /// <param name="model">How things stand.</param>
    /// <param name="number">Which command it is, from 0.</param>
    internal Command Next(ModelChat model, int number)
    {
        var kinds = Kinds;
        var drawn = _random.Next(kinds.Sum(kind => kind.Weight));
        var command = kinds.First(kind => (drawn -= kind.Weight) < 0).Make(model, number);
        if (command is WritingCommand written)
        {
            _written.Add(written);
        }

        return command is not (Commands.Wait or Commands.Find or Commands.Provision or Commands.Shows) && _random.Next(60) == 0 ? command with { FromElsewhere = true } : command;
    }

    private Post Post(ModelChat model, int number)
    {
        var (by, place) = Somewhere(model);
        return new Post
        {
            By = by, In = place, Number = number, Words = Words(), Confirmed = _random.Next(3) > 0,
            ReplyTo = _random.Next(4) == 0 ? Seq(model, place) : null,
        };
    }

    private Edit Edit(ModelChat model, int number)
    {
        var (by, place, seq) = OwnMessage(model);
        var version = Of(model, place)?.Find(seq)?.Version ?? 1;
        return new Edit
        {
            By = by, In = place, Number = number, Seq = seq, Words = Words(), Confirmed = _random.Next(3) > 0,
            Version = _random.Next(8) == 0 ? Math.Max(1, version - 1) : version,
        };
    }

    private Delete Delete(ModelChat model, int number)
    {
        var (by, place, seq) = OwnMessage(model);
        return new Delete { By = by, In = place, Number = number, Seq = seq };
    }

    private React React(ModelChat model, int number)
    {
        var (by, place, seq) = OwnMessage(model);
        var others = Cast.Actors.Where(player => Of(model, place)?.Members.ContainsKey(player.Id) == true).ToArray();
        by = others.Length == 0 || _random.Next(8) == 0 ? Actor() : others[_random.Next(others.Length)];
        var emoji = _random.Next(25) == 0 ? Commands.React.NoEmoji : Emojis[_random.Next(Emojis.Length)];
        var react = new React { By = by, In = place, Number = number, Seq = seq, Emoji = emoji, Add = _random.Next(5) > 0 };
        var reacted = Of(model, place)?.Messages.Where(message => message.Counts && message.Reactions.Count > 0).ToArray() ?? [];
        if (reacted.Length == 0 || _random.Next(3) > 0)
        {
            return react;
        }

        // What somebody did before is taken back.
        var message = reacted[_random.Next(reacted.Length)];
        var (taken, user) = message.Reactions[_random.Next(message.Reactions.Count)];
        return react with { By = Cast.All.First(player => player.Id == user), Seq = message.Seq, Emoji = taken, Add = false };
    }

    private Create Create(ModelChat model, int number)
    {
        var by = Actor();
        var group = new Place.Group(by, number);
        _groups.Add(group);
        return new Create { By = by, In = group, Number = number, Title = Title(), Members = People(4) };
    }

    private Add Add(ModelChat model, int number)
    {
        var (by, place) = Somewhere(model, groups: true);
        return new Add { By = by, In = place, Number = number, Members = People(2, least: 1) };
    }

    private Remove Remove(ModelChat model, int number)
    {
        var (by, place) = Somewhere(model, groups: true);
        return new Remove { By = by, In = place, Number = number, Member = _random.Next(3) == 0 ? by : Anybody() };
    }

    private Rename Rename(ModelChat model, int number)
    {
        var (by, place) = Somewhere(model, groups: true);
        return new Rename { By = by, In = place, Number = number, Title = Title() };
    }

    private Keep Keep(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        int?[] days = [null, 0, 30, 365];
        return new Keep { By = _random.Next(4) > 0 ? Cast.Cleo : by, In = place, Days = days[_random.Next(days.Length)] };
    }

    private MarkRead MarkRead(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new MarkRead { By = by, In = place, UpTo = _random.Next(3) == 0 ? long.MaxValue : Seq(model, place) };
    }

    private MarkUnread MarkUnread(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new MarkUnread { By = by, In = place, From = Seq(model, place) };
    }

    private SetNotified SetNotified(ModelChat model)
    {
        var (by, place) = Somewhere(model, groups: true);
        double?[] seconds = [null, null, -1, 2, 30, 900];
        return new SetNotified
        {
            By = by, In = place,
            Level = _random.Next(2) == 0 ? null : (NotificationLevel)_random.Next(1, 5),
            Mute = _random.Next(5) switch { 0 => null, 1 => MuteChange.Off, _ => MuteChange.On },
            Lasting = seconds[_random.Next(seconds.Length)] is { } number ? TimeSpan.FromSeconds(number) : null,
        };
    }

    private MarkMention MarkMention(ModelChat model)
    {
        var (by, place, seq) = OwnMessage(model);
        var mentioned = Of(model, place)?.Find(seq)?.Mentions?.Users ?? [];
        return new MarkMention
        {
            By = mentioned.IsEmpty || _random.Next(4) == 0 ? by : Cast.All.First(player => player.Id == mentioned[0]),
            In = place, Seq = seq, Done = _random.Next(3) > 0,
        };
    }

    private KeepDraft KeepDraft(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        var stands = model.DraftOf(by.Id, place.Id(model.Tenant)).Version;
        return new KeepDraft
        {
            By = by, In = place,
            Words = _random.Next(4) == 0 ? null : Words(),
            ReplyTo = _random.Next(4) == 0 ? Seq(model, place) : null,
            Seen = _random.Next(6) switch { 0 => 0, 1 => Math.Max(0, stands - 1), _ => stands },
        };
    }

    private History History(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new History { By = by, In = place, Anchor = (HistoryAnchor)_random.Next(1, 6), Seq = Seq(model, place), Limit = _random.Next(5) == 0 ? 200 : _random.Next(1, 9) };
    }

    private Versions Versions(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new Versions { By = by, In = place, Seq = Seq(model, place) };
    }

    private Members Members(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new Members { By = by, In = place, After = _random.Next(2) == 0 ? null : Anybody(), Limit = _random.Next(1, 5) };
    }

    private Sync Sync(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        return new Sync { By = by, In = place, Since = _random.NextInt64((Of(model, place)?.Rev ?? 0) + 2) };
    }

    private Find Find()
    {
        string[] texts = ["", "a", "ar", "archer", "ÉVA", "eva", "co", "cook", "bob", "e~v/a<%>", "son", "ee", "nobody", " ann "];
        return new Find { By = Actor(), Text = texts[_random.Next(texts.Length)], Limit = _random.Next(1, 9) };
    }

    /// <summary>Mostly somebody is made whole again, so that the others have people to talk with.</summary>
    private Provision Provision() => new()
    {
        By = Cast.Ann, Who = Changing[_random.Next(Changing.Length)], Active = _random.Next(3) > 0, Restricted = _random.Next(4) == 0,
    };

    private Command Repeat(ModelChat model, int number)
    {
        if (_written.Count == 0)
        {
            return Post(model, number);
        }

        var again = _written[_random.Next(3) == 0 ? _random.Next(_written.Count) : _random.Next(Math.Max(0, _written.Count - 8), _written.Count)];
        return _random.Next(3) == 0 ? again.Altered() : again;
    }

    private Wait Wait()
    {
        double[] seconds = [0.000_001, 0.000_9, 1, 3, 11, 60, 600, 3600];
        return new Wait { By = Cast.Ann, Time = TimeSpan.FromSeconds(seconds[_random.Next(seconds.Length)]) };
    }

    /// <summary>Mostly a member in one of their conversations, sometimes somebody who has no business there.</summary>
    private (Player By, Place In) Somewhere(ModelChat model, bool groups = false)
    {
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var place = _groups.Count > 0 && (groups ? _random.Next(12) > 0 : _random.Next(5) > 1) ? _groups[_random.Next(_groups.Count)] : Directs[_random.Next(Directs.Length)];
            var by = Actor();
            if (_random.Next(14) == 0 || (Of(model, place) is { } conversation ? conversation.Members.ContainsKey(by.Id) : place is Place.Direct pair && (pair.One == by || pair.Other == by)))
            {
                return (by, place);
            }
        }

        return (Actor(), Directs[_random.Next(Directs.Length)]);
    }

    /// <summary>Mostly one of the last messages with its author, sometimes any message with anybody.</summary>
    private (Player By, Place In, long Seq) OwnMessage(ModelChat model)
    {
        var (by, place) = Somewhere(model);
        var own = Of(model, place)?.Messages.Where(message => message.Counts).TakeLast(5).ToArray() ?? [];
        if (own.Length == 0 || _random.Next(6) == 0)
        {
            return (by, place, Seq(model, place));
        }

        var message = own[_random.Next(own.Length)];
        return (Cast.All.First(player => player.Id == message.Author), place, message.Seq);
    }

    private static ModelConversation? Of(ModelChat model, Place place) => model.Of(place.Id(model.Tenant));

    /// <summary>Mostly one of the last messages, sometimes any, sometimes one that is not there.</summary>
    private long Seq(ModelChat model, Place place)
    {
        var head = Of(model, place)?.Seq ?? 0;
        return _random.Next(10) switch
        {
            0 => head + 1,
            1 => _random.NextInt64(head + 1),
            2 => 1,
            _ => Math.Max(1, head - _random.Next(6)),
        };
    }

    private Words Words()
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var count = _random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            pieces.Add(_random.Next(12) switch
            {
                0 or 1 => new Piece(PieceKind.All),
                2 or 3 => new Piece(PieceKind.Here),
                4 or 5 => new Piece(PieceKind.Person, Anybody().Text),
                6 => new Piece(_random.Next(2) == 0 ? PieceKind.PersonInCode : PieceKind.AllInCode, Actor().Text),
                // Mostly what is accepted; a lone backtick only where no code can begin with it.
                _ => new Piece(PieceKind.Plain, _random.Next(8) == 0 ? Plain[_random.Next(Plain.Length)] : Plain[_random.Next(6)]),
            });
        }

        return pieces.Any(piece => piece.Text.Contains('`', StringComparison.Ordinal)) ? new Words([new Piece(PieceKind.Plain, "it`s")]) : new Words(pieces.DrainToImmutable());
    }

    private string Title() => _random.Next(5) == 0 ? Titles[_random.Next(Titles.Length)] : Titles[_random.Next(4)];

    private ImmutableArray<Player> People(int most, int least = 0) => [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => Anybody())];

    private Player Actor() => Cast.Actors[_random.Next(12) is var drawn && drawn < 10 ? drawn % 4 : drawn - 6];

    private Player Anybody() => _random.Next(14) == 0 ? Foreign[_random.Next(Foreign.Length)] : Cast.Actors[_random.Next(Cast.Actors.Length)];
}
