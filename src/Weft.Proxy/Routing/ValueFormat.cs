using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Routing;

/// <summary>A header value with commands of Envoy's in it, compiled once.</summary>
internal sealed record ValueFormat(ImmutableArray<ValuePart> Parts)
{
    private const string Request = "REQ(";

    /// <summary>The format, or which command is unknown. A doubled percent sign is one.</summary>
    public static (ValueFormat? Format, string? Unknown) Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<ValuePart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                literal.Append(text[i]);
                continue;
            }

            var end = text.IndexOf('%', i + 1);
            if (end == i + 1)
            {
                literal.Append('%');
                i++;
                continue;
            }

            var command = end < 0 ? text[i..] : text[(i + 1)..end];
            if (end < 0 || Part(command) is not { } part)
            {
                return (null, command);
            }

            parts.Add(new ValuePart.Literal(literal.ToString()));
            parts.Add(part);
            literal.Clear();
            i = end;
        }

        parts.Add(new ValuePart.Literal(literal.ToString()));
        return (new(parts.ToImmutable()), null);
    }

    /// <summary>Whether it says the same for every request.</summary>
    public bool IsLiteral => Parts.Length == 1;

    /// <summary>The value for a request; what it does not have is empty.</summary>
    public string Of(Exchange exchange)
    {
        if (Parts is [ValuePart.Literal only])
        {
            return only.Text;
        }

        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(part.Of(exchange));
        }

        return text.ToString();
    }

    private static ValuePart? Part(string command)
    {
        switch (command)
        {
            case "PROTOCOL":
                return new ValuePart.Protocol();
            case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT":
                return new ValuePart.Caller();
        }

        var close = command.LastIndexOf(')');
        if (!command.StartsWith(Request, StringComparison.Ordinal) || close < Request.Length)
        {
            return null;
        }

        var rest = command[(close + 1)..];
        var longest = int.MaxValue;
        if (rest.Length > 0
            && !(rest[0] == ':' && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out longest)))
        {
            return null;
        }

        var names = command[Request.Length..close].ToLowerInvariant().Split('?');
        return names.Length > 2 || names.Any(n => n.Length == 0) ? null : new ValuePart.Header(names[0], names.ElementAtOrDefault(1), longest);
    }
}

/// <summary>A part of a header value.</summary>
internal abstract record ValuePart
{
    private ValuePart()
    {
    }

    public abstract string? Of(Exchange exchange);

    internal sealed record Literal(string Text) : ValuePart
    {
        public override string Of(Exchange exchange) => Text;
    }

    internal sealed record Protocol : ValuePart
    {
        public override string Of(Exchange exchange) => exchange.Context.Request.Protocol;
    }

    internal sealed record Caller : ValuePart
    {
        public override string? Of(Exchange exchange) => exchange.Context.Connection.RemoteIpAddress?.ToString();
    }

    /// <summary>A header of the request, or another one where that is absent.</summary>
    internal sealed record Header(string Name, string? Else, int Longest) : ValuePart
    {
        public override string? Of(Exchange exchange)
        {
            var value = exchange.Header(Name) ?? (Else is null ? null : exchange.Header(Else));
            return value is not null && value.Length > Longest ? value[..Longest] : value;
        }
    }
}
