using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

public sealed class CommandMemoryTests
{
    [Fact]
    public void Remember_OneTooMany_ForgetsTheOldest()
    {
        var memory = new CommandMemory(2);
        var commands = Enumerable.Range(1, 3).Select(Command).ToArray();
        Array.ForEach(commands, memory.Remember);

        memory.TryGet(commands[0].Id, out _).ShouldBeFalse();
        memory.TryGet(commands[1].Id, out var second).ShouldBeTrue();
        second.ShouldBe(commands[1]);
        memory.TryGet(commands[2].Id, out _).ShouldBeTrue();
    }

    [Fact]
    public void Remember_TheSameTwice_CountsOnce()
    {
        var memory = new CommandMemory(2);
        var (one, two) = (Command(1), Command(2));
        memory.Remember(one);
        memory.Remember(one);
        memory.Remember(two);

        memory.TryGet(one.Id, out _).ShouldBeTrue();
        memory.TryGet(two.Id, out _).ShouldBeTrue();
    }

    [Fact]
    public void Remember_NoRoomAtAll_RemembersNothing()
    {
        var memory = new CommandMemory(0);
        var command = Command(1);
        memory.Remember(command);

        memory.TryGet(command.Id, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryGet_SameClientIdOfAnotherAuthor_IsAnotherCommand()
    {
        var memory = new CommandMemory(2);
        var command = Command(1);
        memory.Remember(command);

        memory.TryGet(command.Id with { AuthorId = UserId.Of("bob") }, out _).ShouldBeFalse();
    }

    [Fact]
    public void Clear_Full_IsEmptyAndTakesAsManyAgain()
    {
        var memory = new CommandMemory(2);
        memory.Remember(Command(1));
        memory.Remember(Command(2));
        memory.Clear();
        var commands = new[] { Command(3), Command(4) };
        Array.ForEach(commands, memory.Remember);

        memory.TryGet(Command(1).Id, out _).ShouldBeFalse();
        commands.Select(command => memory.TryGet(command.Id, out _)).ShouldBe([true, true]);
    }

    private static StoredCommand Command(int number) => new()
    {
        Id = new CommandId(UserId.Of("ann"), new Guid(number, 0, 0, new byte[8])),
        Seq = number,
        Rev = number,
        At = DateTimeOffset.UnixEpoch,
        ContentHash = ContentHash.OfText("text"),
    };
}
