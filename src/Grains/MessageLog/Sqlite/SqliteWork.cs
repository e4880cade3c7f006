using Microsoft.Data.Sqlite;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Something to be written, waiting for its turn on the writer's thread; runs inside a savepoint of its own.</summary>
internal abstract class SqliteWork
{
    internal long QueuedAt { get; set; }

    /// <summary>Log rows, for the bound of a commit.</summary>
    internal virtual int Rows => 0;

    /// <returns>False when nothing of it is to be kept.</returns>
    internal abstract bool Execute(SqliteSession session, long storedAt);

    /// <summary>The database refused its content; nothing of it is kept.</summary>
    internal abstract void Refuse(SqliteException exception);

    /// <summary>The commit is durable.</summary>
    internal abstract void Complete();

    internal abstract void Fail(Exception exception);
}

/// <summary>A piece of work with an answer.</summary>
internal abstract class SqliteWork<TAnswer> : SqliteWork
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TAnswer _value = default!;
    private Exception? _refusal;

    internal Task<TAnswer> Task => _answer.Task;

    internal override bool Execute(SqliteSession session, long storedAt)
    {
        (_value, var keep) = Run(session, storedAt);
        return keep;
    }

    internal override void Refuse(SqliteException exception)
    {
        if (!TryAnswerRefusal(exception, out _value))
        {
            _refusal = new InvalidOperationException($"The store refuses the row (SQLite error {exception.SqliteExtendedErrorCode}).", exception);
        }
    }

    internal override void Complete()
    {
        if (_refusal is { } refusal)
        {
            _answer.TrySetException(refusal);
        }
        else
        {
            OnAnswered(_value);
            _answer.TrySetResult(_value);
        }
    }

    internal override void Fail(Exception exception) => _answer.TrySetException(exception);

    private protected abstract (TAnswer Answer, bool Keep) Run(SqliteSession session, long storedAt);

    private protected virtual bool TryAnswerRefusal(SqliteException exception, out TAnswer answer)
    {
        answer = default!;
        return false;
    }

    private protected virtual void OnAnswered(TAnswer answer)
    {
    }
}
