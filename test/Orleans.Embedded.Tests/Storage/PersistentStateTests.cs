using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Storage;

/// <summary>Stored records are read before activation, survive it, and refuse a writer that read an older version.</summary>
public sealed class PersistentStateTests
{
    [Fact]
    public async Task State_Written_IsReadByTheNextActivation()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        (await grain.ReadAsync()).ShouldBe("0 (none)");
        await grain.WriteAsync(5);
        await host.CollectsAsync();
        (await grain.ReadAsync()).ShouldBe("5 (stored)");
    }

    [Fact]
    public async Task State_ChangedButNotWritten_IsForgotten()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        await grain.WriteAsync(5);
        await grain.ChangeAsync(6);
        await host.CollectsAsync();
        (await grain.ReadAsync()).ShouldBe("5 (stored)");
    }

    [Fact]
    public async Task State_Cleared_IsNewAgain()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        await grain.WriteAsync(5);
        await grain.ClearAsync();
        (await grain.ReadAsync()).ShouldBe("0 (none)");
    }

    [Fact]
    public async Task Write_StorageHasAnotherVersion_ThrowsAndTheNextActivationReadsAnew()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        await grain.WriteAsync(5);
        await WriteBehindItsBackAsync(host, 9);
        var exception = await Should.ThrowAsync<InconsistentStateException>(() => grain.WriteAsync(6));
        exception.StoredEtag.ShouldNotBe(exception.CurrentEtag);
        (await grain.ReadAsync().SoonAsync()).ShouldBe("9 (stored)");
    }

    [Fact]
    public async Task Write_TwoFirstWriters_OneLoses()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        await grain.ReadAsync();
        await WriteBehindItsBackAsync(host, 9);
        await Should.ThrowAsync<InconsistentStateException>(() => grain.WriteAsync(6));
    }

    [Fact]
    public async Task States_OfOneGrain_AreKeptApart()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<INotesGrain>();
        await grain.WriteAsync(5);
        await grain.WriteOtherAsync(8);
        await host.CollectsAsync();
        (await grain.ReadAsync()).ShouldBe("5 (stored)");
        (await grain.ReadOtherAsync()).ShouldBe(8);
    }

    private static async Task WriteBehindItsBackAsync(TestHost host, int value)
    {
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("records");
        var record = new GrainState<Note>();
        var id = host.Grain<INotesGrain>().GetGrainId();
        await storage.ReadStateAsync("notes", id, record);
        record.State = new() { Value = value };
        await storage.WriteStateAsync("notes", id, record);
    }
}

internal sealed class Note
{
    public int Value { get; set; }
}

internal interface INotesGrain : IGrainWithStringKey
{
    Task<string> ReadAsync();

    Task WriteAsync(int value);

    Task ChangeAsync(int value);

    Task ClearAsync();

    Task WriteOtherAsync(int value);

    Task<int> ReadOtherAsync();
}

internal sealed class NotesGrain(
    [PersistentState("notes", "records")] IPersistentState<Note> notes,
    Journal journal,
    [PersistentState("other", "records")] IPersistentState<Note> other) : Grain, INotesGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write($"activates with {notes.State.Value}");
        return Task.CompletedTask;
    }

    public Task<string> ReadAsync() => Task.FromResult($"{notes.State.Value} ({(notes.RecordExists ? "stored" : "none")})");

    public Task WriteAsync(int value)
    {
        notes.State.Value = value;
        return notes.WriteStateAsync();
    }

    public Task ChangeAsync(int value)
    {
        notes.State.Value = value;
        return Task.CompletedTask;
    }

    public Task ClearAsync() => notes.ClearStateAsync();

    public Task WriteOtherAsync(int value)
    {
        other.State.Value = value;
        return other.WriteStateAsync();
    }

    public Task<int> ReadOtherAsync() => Task.FromResult(other.State.Value);
}
