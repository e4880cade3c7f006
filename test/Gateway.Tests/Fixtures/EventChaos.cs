using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>What happens to an event between its commit and the stream.</summary>
internal enum Fate
{
    Arrives,
    IsLost,
    ArrivesTwice,
    ArrivesLate,
}

/// <summary>Stands between the grains and the event stream, and decides the fate of every event of a conversation.</summary>
internal sealed class EventChaos(IEventPublisher stream, Func<Fate> decide) : IEventPublisher
{
    private readonly Lock _lock = new();
    private readonly List<ConversationAppended> _late = [];

    /// <summary>Puts it in front of the grains' own publisher.</summary>
    internal static void Replace(IServiceCollection grains, Func<Fate> decide)
    {
        var own = grains.Last(service => service.ServiceType == typeof(IEventPublisher)).ImplementationType!;
        grains.AddSingleton<IEventPublisher>(services =>
            new EventChaos((IEventPublisher)ActivatorUtilities.CreateInstance(services, own), decide));
    }

    public async Task PublishAsync(ConversationAppended appended)
    {
        ConversationAppended[] events;
        lock (_lock)
        {
            var fate = decide();
            switch (fate)
            {
                case Fate.IsLost:
                    return;
                case Fate.ArrivesLate:
                    _late.Add(appended);
                    return;
                case Fate.Arrives or Fate.ArrivesTwice:
                    events = [appended, .. fate == Fate.ArrivesTwice ? [appended] : Array.Empty<ConversationAppended>(), .. Enumerable.Reverse(_late)];
                    _late.Clear();
                    break;
                default:
                    throw new InvalidOperationException($"No such fate: {fate}.");
            }
        }

        foreach (var next in events)
        {
            await stream.PublishAsync(next);
        }
    }

    public Task PublishAsync(TenantSignal signal) => stream.PublishAsync(signal);
}
