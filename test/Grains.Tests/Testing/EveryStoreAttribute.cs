using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>Where a test's conversations are stored.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory with each store; with PostgreSQL only where it is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryStoreAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<StoreKind>(StoreKind.Sqlite),
        new TheoryDataRow<StoreKind>(StoreKind.Postgres) { Skip = PostgresBinaries.MissingReason },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
