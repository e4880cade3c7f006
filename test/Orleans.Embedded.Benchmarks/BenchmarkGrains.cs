using Orleans;

namespace OrleansChat.Orleans.Embedded.Benchmarks;

/// <summary>A grain whose methods do next to nothing, so that what is measured is the call.</summary>
internal interface ICalledGrain : IGrainWithStringKey
{
    Task<int> AddAsync(int left, int right);

    Task<int> AddLaterAsync(int left, int right);

    /// <summary>Calls another grain this often, one after the other.</summary>
    Task CallOtherAsync(string other, int times);
}

internal sealed class CalledGrain : Grain, ICalledGrain
{
    public Task<int> AddAsync(int left, int right) => Task.FromResult(left + right);

    public async Task<int> AddLaterAsync(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    public async Task CallOtherAsync(string other, int times)
    {
        var grain = GrainFactory.GetGrain<ICalledGrain>(other);
        for (var i = 0; i < times; i++)
            await grain.AddAsync(i, 1);
    }
}
