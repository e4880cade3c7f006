using Npgsql;

namespace OrleansChat.Grains.MessageLog;

/// <summary>Where the durable store lies and what it may use; <see cref="SqliteStoreOptions"/> or <see cref="PostgresStoreOptions"/>.</summary>
public abstract record StoreOptions
{
    /// <summary>
    /// Most writes (appends, read marks) that wait for a commit; the next one is refused at once. 1 to 1,000,000; more
    /// trades a longer wait under overload for fewer refusals.
    /// </summary>
    public int QueueLengthMax { get; init; } = 8_192;

    /// <summary>Longest wait of a write for its turn; older ones are refused unwritten. 100 ms to 60 s.</summary>
    public TimeSpan QueueTimeMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most appends of one commit, 1 to 4,096; a larger commit is cheaper per row and longer for each.</summary>
    public int CommitAppendsMax { get; init; } = 256;

    /// <summary>Most log rows of one commit, 1 to 65,536; a single larger append still goes through.</summary>
    public int CommitRowsMax { get; init; } = 4_096;

    /// <summary>Says which option is out of its bounds.</summary>
    /// <exception cref="StoreStartException">Names the option, its value and the bound.</exception>
    public void Validate() => Validate(GetType().Name + ".");

    /// <inheritdoc cref="Validate()" />
    /// <param name="prefix">What stands before an option's name.</param>
    internal virtual void Validate(string prefix)
    {
        Bound(prefix + nameof(QueueLengthMax), QueueLengthMax, 1, 1_000_000);
        Bound(prefix + nameof(QueueTimeMax), QueueTimeMax, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
        Bound(prefix + nameof(CommitAppendsMax), CommitAppendsMax, 1, 4_096);
        Bound(prefix + nameof(CommitRowsMax), CommitRowsMax, 1, 65_536);
    }

    /// <summary>Which database, for people; says no secret.</summary>
    public abstract string Describe();

    private protected static void Bound<T>(string option, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            throw new StoreStartException($"{option} is {value}; it must be between {minimum} and {maximum}.");
        }
    }

    private protected static void Present(string option, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new StoreStartException($"{option} is empty; it must be set.");
        }
    }
}

/// <summary>A SQLite file: for one process on one machine.</summary>
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <summary>Path of the database file; its folder must exist on a local disk. A lock file <c>….lock</c> lies beside it.</summary>
    public required string Path { get; init; }

    /// <summary>How many reads run at the same time, 1 to 64.</summary>
    public int Readers { get; init; } = 4;

    internal override void Validate(string prefix)
    {
        base.Validate(prefix);
        Present(prefix + nameof(Path), Path);
        Bound(prefix + nameof(Readers), Readers, 1, 64);
    }

    /// <inheritdoc />
    public override string Describe() => $"SQLite file {System.IO.Path.GetFullPath(Path)}";
}

/// <summary>A database on a PostgreSQL server.</summary>
public sealed record PostgresStoreOptions : StoreOptions
{
    /// <summary>How to connect; timeouts, keep-alive and pool size in it are replaced by the store's own.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Refuses to start while another process has the same database open (advisory lock on a connection of its own).
    /// True with the embedded engine, whose processes would not see each other's events; false with Orleans.
    /// </summary>
    public bool ExclusiveProcess { get; init; } = true;

    /// <summary>
    /// Brings the database's schema up to the program's at the start. False where several programs share the database:
    /// the start then refuses a schema that is not the program's, and an operator migrates with <see cref="Postgres.PostgresSchema"/>.
    /// </summary>
    public bool Migrate { get; init; } = true;

    /// <summary>How many commits run at the same time, 1 to 16.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>How many reads run at the same time, 1 to 256.</summary>
    public int Readers { get; init; } = 16;

    internal override void Validate(string prefix)
    {
        base.Validate(prefix);
        Present(prefix + nameof(ConnectionString), ConnectionString);
        Bound(prefix + nameof(Writers), Writers, 1, 16);
        Bound(prefix + nameof(Readers), Readers, 1, 256);
    }

    /// <inheritdoc />
    public override string Describe()
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        return $"PostgreSQL database {connection.Database ?? connection.Username} on {connection.Host}";
    }
}
