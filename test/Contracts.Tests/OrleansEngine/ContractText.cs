using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using static OrleansChat.Contracts.Tests.GrainContracts;

namespace OrleansChat.Contracts.Tests.OrleansEngine;

/// <summary>
/// A contract's value as text, to compare and to read. Two values with one text are equal, the content of their arrays
/// included.
/// </summary>
internal static class ContractText
{
    /// <summary>Every member of the value.</summary>
    internal static string Of(object? value) => Write(value, everything: true);

    /// <summary>
    /// The members that differ from a new object's: a payload from before a member existed reads the same after the type
    /// has gained it.
    /// </summary>
    internal static string OfWhatIsSet(object value) => Write(value, everything: false);

    internal static bool IsSet(PropertyInfo member, object value) =>
        Of(member.GetValue(value)) != Of(member.GetValue(Activator.CreateInstance(value.GetType())));

    private static string Write(object? value, bool everything)
    {
        var text = new StringBuilder();
        Append(text, value, everything, "\n  ");
        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, object? value, bool everything, string newLine)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string characters:
                text.Append(JsonSerializer.Serialize(characters));
                break;
            case Exception exception:
                text.Append(AliasOf(exception.GetType())).Append(newLine).Append("Message ").Append(JsonSerializer.Serialize(exception.Message));
                text.Append(newLine).Append("Inner ").Append(exception.InnerException is { } inner ? $"{inner.GetType()} {inner.Message}" : "null");
                break;
            case IEnumerable items:
                AppendItems(text, items, everything, newLine);
                break;
            case not null when Types.Contains(value.GetType()) && !value.GetType().IsEnum:
                text.Append(AliasOf(value.GetType()));
                foreach (var member in MembersOf(value.GetType()).Where(member => everything || IsSet(member, value)))
                {
                    text.Append(newLine).Append(member.Name).Append(' ');
                    Append(text, member.GetValue(value), everything, newLine + "  ");
                }

                break;
            default:
                text.Append(Show(value));
                break;
        }
    }

    private static void AppendItems(StringBuilder text, IEnumerable items, bool everything, string newLine)
    {
        if ((bool)items.GetType().GetProperty("IsDefault")!.GetValue(items)!)
        {
            text.Append("no array");
            return;
        }

        text.Append("[]");
        foreach (var item in items)
        {
            text.Append(newLine).Append("- ");
            Append(text, item, everything, newLine + "  ");
        }
    }

    private static string Show(object value) => value switch
    {
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        Enum named => $"{AliasOf(named.GetType())} {named:D} {named}",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
