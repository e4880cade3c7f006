using OrleansChat.Identity;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Commands;

/// <summary>The helpdesk says what somebody is from now on. Three seconds later every conversation knows it.</summary>
internal sealed record Provision : Command
{
    public required Player Who { get; init; }

    public required bool Active { get; init; }

    /// <summary>Their role may not use the chat.</summary>
    public required bool Restricted { get; init; }

    private protected override string Script => $"makes {Who} {(Active ? "" : "in")}active{(Restricted ? " and restricted" : "")}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        var person = new Person { UserId = Who.Id, Name = Who.Name, Role = ModelChat.RoleOf(Who, Restricted), Active = Active };
        var put = await chat.Host.People(chat.Tenant).PutPeopleAsync(new PutPeople { Actor = UserId.Of("desk"), People = [person] }, CancellationToken.None);
        chat.Host.Time.Advance(TimeSpan.FromSeconds(3));
        return $"{put.Refusal}";
    }

    internal override string Expect(ModelChat model)
    {
        model.Provision(Who, Active, Restricted);
        return string.Empty;
    }
}

/// <summary>Somebody takes a device into their hands and chooses what the others see.</summary>
internal sealed record Shows : Command
{
    public required ManualStatus Status { get; init; }

    private protected override string Script => $"is there and shows {Status}";

    internal override async Task<string> RunAsync(RealChat chat)
    {
        chat.There.Add(By);
        await chat.BeatAsync(By);
        var set = await chat.Host.Presence(chat.Tenant, By.Id).SetStatusAsync(
            new SetStatus { Caller = CallerOf(chat.Tenant), Status = Status }, CancellationToken.None);
        return $"{set.Own?.Status}";
    }

    internal override string Expect(ModelChat model)
    {
        model.Shows(By.Id, Status);
        return $"{Status}";
    }
}
