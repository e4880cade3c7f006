namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>What keeps a write from being queued at all.</summary>
internal sealed class PostgresGuards(Circuit circuit, PostgresProcessLock? processLock)
{
    internal Circuit Circuit => circuit;

    /// <summary>Why no write is taken now; null when one may be queued.</summary>
    internal string? RefuseWrite()
    {
        if (processLock is { IsHeld: false })
        {
            return "The lock that keeps other processes out of the database was lost and is not back yet; nothing was written.";
        }

        return circuit.MayTry() ? null : "The database has not answered lately and is asked again in half a second; nothing was written.";
    }
}
