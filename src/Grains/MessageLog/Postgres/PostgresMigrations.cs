namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>A set of scripts that make one schema, and the table in which a database records those that it has.</summary>
/// <param name="Name">Whose schema, for people.</param>
/// <param name="Table">The table of what was applied.</param>
/// <param name="Scripts">In order.</param>
internal sealed record PostgresMigrations(string Name, string Table, IReadOnlyList<MigrationScript> Scripts)
{
    /// <summary>Conversations, inboxes and people.</summary>
    internal static PostgresMigrations Chat { get; } = new("chat", "schema_migrations", MigrationScript.Of("Postgres"));

    /// <summary>What Orleans' ADO.NET providers keep: members of the cluster, state of grains.</summary>
    internal static PostgresMigrations Cluster { get; } = new("cluster", "cluster_schema_migrations", MigrationScript.Of("Cluster"));
}
