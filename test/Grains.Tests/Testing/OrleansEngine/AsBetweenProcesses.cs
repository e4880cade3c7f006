using Orleans.Serialization;
using OrleansChat.Grains.Hosting;

namespace OrleansChat.Grains.Tests.Testing.OrleansEngine;

/// <summary>
/// Within one silo Orleans hands values over; here whatever enters or leaves a grain is serialized, as it is between
/// processes.
/// </summary>
internal sealed class AsBetweenProcesses(Serializer<object?> serializer) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not Grain grain || grain.GetType().Assembly != typeof(GrainsServices).Assembly)
        {
            await context.Invoke();
            return;
        }

        for (var i = 0; i < context.Request.GetArgumentCount(); i++)
        {
            if (context.Request.GetArgument(i) is not CancellationToken)
            {
                context.Request.SetArgument(i, Travelled(context.Request.GetArgument(i))!);
            }
        }

        try
        {
            await context.Invoke();
            context.Result = Travelled(context.Result);
        }
        catch (Exception exception)
        {
            throw (Exception)Travelled(exception)!;
        }
    }

    private object? Travelled(object? value) => serializer.Deserialize(serializer.SerializeToArray(value));
}
