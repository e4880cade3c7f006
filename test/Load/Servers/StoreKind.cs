namespace OrleansChat.Load.Servers;

/// <summary>Which durable store is behind the server under test.</summary>
internal enum StoreKind
{
    Sqlite,
    Postgres,
}
