using OrleansChat.Model.Tests.Commands;

namespace OrleansChat.Model.Tests.Running;

/// <summary>Makes a failing script short: takes out what it fails without.</summary>
internal static class Shrinker
{
    private const int TriesMax = 600;

    /// <param name="script">Fails.</param>
    /// <param name="fails">Whether a shorter one fails too.</param>
    /// <returns>A script that fails, of which no single command can be left out (or the tries were used up).</returns>
    internal static async Task<List<Command>> ShrinkAsync(List<Command> script, Func<List<Command>, Task<bool>> fails)
    {
        var tries = 0;
        for (var size = Math.Max(1, script.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var shorter = false;
            for (var at = script.Count - size; at > -size && tries < TriesMax; at -= size)
            {
                var from = Math.Max(0, at);
                List<Command> without = [.. script[..from], .. script[Math.Min(script.Count, from + size)..]];
                tries++;
                if (without.Count < script.Count && await fails(without))
                {
                    (script, shorter) = (without, true);
                }
            }

            if (tries >= TriesMax || (size == 1 && !shorter))
            {
                return script;
            }
        }
    }
}
