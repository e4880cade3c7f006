namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// How much of an answer about many conversations is left. Once the sum is beyond it, it stays so: who comes later gets a
/// reset, however small. What is too large alone takes nothing from the others.
/// </summary>
internal sealed class ChangesBudget
{
    private long _rows;
    private long _bytes;

    internal bool TakeRows(long rows) => (_rows += rows) <= IMessageLog.ManyRowsMax;

    internal bool TakeBytes(long bytes) => bytes <= IMessageLog.ManyBytesMax && (_bytes += bytes) <= IMessageLog.ManyBytesMax;
}
