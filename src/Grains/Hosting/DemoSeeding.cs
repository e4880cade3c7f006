using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Hosting;

/// <summary>
/// In Development only: the demo tenant, its people and one group. Into a store without any tenant, and into one that has
/// the demo tenant but lacks some of it (an import was first, or a start was interrupted); what is there stays as it is. A
/// store that holds other tenants and no demo tenant is left alone.
/// </summary>
internal sealed partial class DemoSeeding(
    IDirectoryStore directory, IMessageLog messageLog, IGrainFactory grains, IHostEnvironment environment, ILogger<DemoSeeding> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || !await MayBeSeededAsync(cancellationToken))
        {
            return;
        }

        var added = await directory.AddPeopleAsync(DemoTenant.Id, DemoTenant.People, cancellationToken);
        if (added > 0)
        {
            Log.Seeded(logger, DemoTenant.Id, added);
        }

        if (await messageLog.ReadConversationAsync(DemoTenant.Id, DemoTenant.Group, cancellationToken) is null)
        {
            await CreateGroupAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The store holds no tenant yet, or this one.</summary>
    private async Task<bool> MayBeSeededAsync(CancellationToken cancellationToken) =>
        !await directory.AnyTenantAsync(cancellationToken) || !(await directory.ReadPeopleAsync(DemoTenant.Id, cancellationToken)).IsEmpty;

    private async Task CreateGroupAsync(CancellationToken cancellationToken)
    {
        var creator = DemoTenant.People[0];
        var created = await grains.GetGrain<IConversationGrain>(new ConversationKey(DemoTenant.Id, DemoTenant.Group).ToString()).CreateGroupAsync(
            new CreateGroup
            {
                Caller = new Caller
                {
                    TenantId = DemoTenant.Id,
                    UserId = creator.UserId,
                    Name = creator.Name,
                    Permissions = RolePermissions.Default(creator.Role),
                },
                ClientId = DemoTenant.GroupCommand,
                Title = DemoTenant.GroupTitle,
                Members = [.. DemoTenant.People.Select(person => person.UserId)],
            },
            cancellationToken);
        if (created.Refusal is { } refusal)
        {
            Log.GroupRefused(logger, DemoTenant.Id, refusal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "Seeded the tenant {TenantId} with {People} people.")]
        internal static partial void Seeded(ILogger logger, TenantId tenantId, int people);

        [LoggerMessage(4002, LogLevel.Warning, "The tenant {TenantId} is left without its group: {Refusal}.")]
        internal static partial void GroupRefused(ILogger logger, TenantId tenantId, CreateGroupRefusal refusal);
    }
}
