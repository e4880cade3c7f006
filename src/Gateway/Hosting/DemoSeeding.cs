using OrleansChat.Conversations;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hosting;

/// <summary>On the first run in Development: the demo tenant, its people and one group. A store that has a tenant is left alone.</summary>
internal sealed partial class DemoSeeding(
    IDirectoryStore directory, IGrainFactory grains, IHostEnvironment environment, ILogger<DemoSeeding> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || await directory.AnyTenantAsync(cancellationToken))
        {
            return;
        }

        await directory.AddPeopleAsync(DemoTenant.Id, DemoTenant.People, cancellationToken);
        var creator = DemoTenant.People[0];
        var group = ConversationId.Of(Guid.CreateVersion7());
        await grains.GetGrain<IConversationGrain>(new ConversationKey(DemoTenant.Id, group).ToString()).CreateGroupAsync(
            new CreateGroup
            {
                Caller = new Caller { TenantId = DemoTenant.Id, UserId = creator.UserId, Name = creator.Name },
                ClientId = Guid.CreateVersion7(),
                Title = DemoTenant.GroupTitle,
                Members = [.. DemoTenant.People.Select(person => person.UserId)],
            },
            cancellationToken);
        Log.Seeded(logger, DemoTenant.Id, DemoTenant.People.Length);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "First run: seeded the tenant {TenantId} with {People} people.")]
        internal static partial void Seeded(ILogger logger, TenantId tenantId, int people);
    }
}
