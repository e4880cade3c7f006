using Microsoft.Extensions.Hosting;

namespace OrleansChat.Hosting;

/// <summary>Tells settings on the command line (<c>--Section:Name value</c>, <c>--environment name</c>) from a command's own words.</summary>
public static class SettingArguments
{
    private const string Prefix = "--";

    /// <summary>Parted; each in the order given. Behind a lone <c>--</c> nothing is a setting.</summary>
    public static (string[] Settings, string[] Words) Split(IReadOnlyList<string> arguments)
    {
        List<string> settings = [];
        List<string> words = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Prefix)
            {
                words.AddRange(arguments.Skip(i));
                break;
            }

            if (!IsSetting(arguments[i]))
            {
                words.Add(arguments[i]);
                continue;
            }

            settings.Add(arguments[i]);
            if (!arguments[i].Contains('=', StringComparison.Ordinal) && i + 1 < arguments.Count)
            {
                settings.Add(arguments[++i]);
            }
        }

        return ([.. settings], [.. words]);
    }

    private static bool IsSetting(string argument)
    {
        var name = argument.Split('=', 2)[0];
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && (name.Contains(':', StringComparison.Ordinal) || name.Equals(Prefix + HostDefaults.EnvironmentKey, StringComparison.OrdinalIgnoreCase));
    }
}
