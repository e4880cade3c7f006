namespace OrleansChat.Load;

/// <summary>The run cannot be made or did not hold: one line for the person who started it, and a non-zero exit code.</summary>
internal sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
