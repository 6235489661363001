using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Proxy.Routing;

/// <summary>Envoy's notation for texts with commands in them, such as <c>to %REQ(:PATH)%</c>.</summary>
internal static class CommandText
{
    /// <summary>The parts, or which command is unknown. A doubled percent sign is one.</summary>
    /// <param name="command">Makes a part of a command without its percent signs; null where it is unknown.</param>
    public static (ImmutableArray<T> Parts, string? Unknown) Parse<T>(
        string text, Func<string, T> literal, Func<string, T?> command)
        where T : class
    {
        var parts = ImmutableArray.CreateBuilder<T>();
        var words = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                words.Append(text[i]);
                continue;
            }

            var end = text.IndexOf('%', i + 1);
            if (end == i + 1)
            {
                words.Append('%');
                i++;
                continue;
            }

            var name = end < 0 ? text[i..] : text[(i + 1)..end];
            if (end < 0 || command(name) is not { } part)
            {
                return ([], name);
            }

            Flush();
            parts.Add(part);
            i = end;
        }

        Flush();
        return (parts.ToImmutable(), null);

        void Flush()
        {
            if (words.Length > 0)
            {
                parts.Add(literal(words.ToString()));
                words.Clear();
            }
        }
    }
}

/// <summary>A header, or another one where that is absent: <c>REQ(NAME?ELSE):LONGEST</c>.</summary>
/// <param name="Longest">So many characters of it, at most.</param>
internal sealed record HeaderCommand(string Name, string? Else, int Longest)
{
    /// <summary>Null where <paramref name="command"/> is not of that shape.</summary>
    /// <param name="start">Such as <c>REQ(</c>.</param>
    public static HeaderCommand? Parse(string command, string start)
    {
        var close = command.LastIndexOf(')');
        if (!command.StartsWith(start, StringComparison.Ordinal) || close < start.Length)
        {
            return null;
        }

        var rest = command.AsSpan(close + 1);
        var longest = int.MaxValue;
        if (rest.Length > 0
            && !(rest[0] == ':' && int.TryParse(rest[1..], NumberStyles.None,
                CultureInfo.InvariantCulture, out longest)))
        {
            return null;
        }

        var names = command[start.Length..close].ToLowerInvariant().Split('?');
        return names.Length > 2 || names.Any(n => n.Length == 0)
            ? null
            : new(names[0], names.ElementAtOrDefault(1), longest);
    }

    /// <summary>The value, cut; null where both are absent.</summary>
    /// <param name="header">A header by its name.</param>
    public string? Of(Func<string, string?> header)
    {
        var value = header(Name) ?? (Else is null ? null : header(Else));
        return value is not null && value.Length > Longest ? value[..Longest] : value;
    }
}
