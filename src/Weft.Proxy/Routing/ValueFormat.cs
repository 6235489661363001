using System.Collections.Immutable;
using System.Text;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Routing;

/// <summary>A header value with commands of Envoy's in it, compiled once.</summary>
internal sealed record ValueFormat(ImmutableArray<ValuePart> Parts)
{
    /// <summary>The format, or which command is unknown. A doubled percent sign is one.</summary>
    public static (ValueFormat? Format, string? Unknown) Parse(string text)
    {
        var (parts, unknown) = CommandText.Parse(text, words => new ValuePart.Literal(words), Part);
        return (unknown is null ? new(parts) : null, unknown);
    }

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

    private static ValuePart? Part(string command) => command switch
    {
        "PROTOCOL" => new ValuePart.Protocol(),
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" => new ValuePart.Caller(),
        _ => HeaderCommand.Parse(command, "REQ(") is { } header ? new ValuePart.Header(header) : null,
    };
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

    internal sealed record Header(HeaderCommand Command) : ValuePart
    {
        public override string? Of(Exchange exchange) => Command.Of(exchange.Header);
    }
}
