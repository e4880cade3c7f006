using OrleansChat.Grains.MessageLog;

namespace OrleansChat.MessageLog.Writer;

/// <summary>
/// Appends to several conversations until killed. Prints <c>sent id</c> before a command can be stored and <c>acked id</c>
/// after it was acknowledged; a line that is cut off by the kill was not said.
/// </summary>
internal static class EndlessWriter
{
    private const int Conversations = 6;
    private static readonly Lock Output = new();

    internal static async Task RunAsync(ChatStore store)
    {
        await Scene.PrepareAsync(store);
        await Task.WhenAll(Enumerable.Range(0, Conversations).Select(number => WriteAsync(store, number)));
    }

    private static async Task WriteAsync(ChatStore store, int number)
    {
        var conversation = Scene.Conversation(number);
        var head = (await store.Log.ReadConversationAsync(Scene.Tenant, conversation, CancellationToken.None))?.Head;
        for (var round = 0; ; round++)
        {
            var ids = Enumerable.Range(0, 1 + (round % 4)).Select(_ => Guid.NewGuid()).ToArray();
            Say("sent", ids);
            LogEntry[] entries = [.. ids.Select(id => Scene.Text(id, "endless")), new ChangeEntry { At = TimeProvider.System.GetUtcNow(), Kind = "round", Payload = "{}" }];
            var result = await store.Log.AppendAsync(Scene.Append(conversation, head, entries), CancellationToken.None);
            head = result is AppendResult.Appended appended
                ? appended.Head
                : throw new InvalidOperationException($"The only writer was answered {result.GetType().Name}.");
            Say("acked", ids);
        }
    }

    private static void Say(string what, Guid[] ids)
    {
        lock (Output)
        {
            foreach (var id in ids)
            {
                Console.Out.WriteLine($"{what} {id}");
            }

            Console.Out.Flush();
        }
    }
}
