using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Grains.Conversations;

/// <summary>The last commands of one conversation, so that a repetition needs no question to the store. Forgets the oldest.</summary>
internal sealed class CommandMemory(int commandsMax)
{
    private readonly Dictionary<CommandId, StoredCommand> _commands = [];
    private readonly Queue<CommandId> _order = [];

    internal bool TryGet(CommandId id, out StoredCommand command) => _commands.TryGetValue(id, out command!);

    internal void Remember(StoredCommand command)
    {
        if (!_commands.TryAdd(command.Id, command))
        {
            return;
        }

        _order.Enqueue(command.Id);
        while (_order.Count > commandsMax)
        {
            _commands.Remove(_order.Dequeue());
        }
    }

    internal void Clear()
    {
        _commands.Clear();
        _order.Clear();
    }
}
