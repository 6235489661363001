using System.Globalization;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Filters;

/// <summary>Headers without those that have a colon.</summary>
internal class PlainHeaderView(IHeaderDictionary headers) : HttpFilterHeaders
{
    public override IEnumerable<KeyValuePair<string, string>> All => headers
        .Where(h => !h.Key.Equals("host", StringComparison.OrdinalIgnoreCase))
        .SelectMany(h => h.Value, (h, value) => KeyValuePair.Create(h.Key.ToLowerInvariant(), value ?? ""));

    public override string? Get(string name) => headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public override void Set(string name, string value) => headers[name] = Checked(value);

    public override void Add(string name, string value) => headers.Append(name, Checked(value));

    public override void Remove(string name) => headers.Remove(name);

    // A filter's mistake, not the caller's: the request ends with 500.
    private static string Checked(string value) => value.AsSpan().ContainsAny('\r', '\n', '\0')
        ? throw new ArgumentException("A header's value holds a control character.", nameof(value))
        : value;
}

/// <summary>The headers of a request; what is changed is what it is routed by and sent on with.</summary>
internal sealed class RequestHeaderView(Exchange exchange) : PlainHeaderView(exchange.Context.Request.Headers)
{
    private static readonly string[] Special = [":authority", ":path", ":method", ":scheme"];

    public override IEnumerable<KeyValuePair<string, string>> All =>
        Special.Select(name => KeyValuePair.Create(name, exchange.Request.Header(name) ?? "")).Concat(base.All);

    public override string? Get(string name) => IsSpecial(name) ? exchange.Request.Header(name) : base.Get(name);

    public override void Set(string name, string value)
    {
        switch (name)
        {
            case ":path":
                exchange.Redirect(value);
                break;
            case ":authority":
                exchange.Context.Request.Host = new(value);
                exchange.Reread(exchange.Request with { Host = value });
                break;
            case ":method":
                exchange.Context.Request.Method = value;
                exchange.Reread(exchange.Request with { Method = value });
                break;
            case ":scheme":
                break;
            default:
                base.Set(name, value);
                break;
        }
    }

    public override void Add(string name, string value)
    {
        if (IsSpecial(name))
        {
            Set(name, value);
        }
        else
        {
            base.Add(name, value);
        }
    }

    public override void Remove(string name)
    {
        if (!IsSpecial(name))
        {
            base.Remove(name);
        }
    }

    private static bool IsSpecial(string name) => name.StartsWith(':');
}

/// <summary>The headers of a response.</summary>
internal sealed class ResponseHeaderView(HttpResponse response) : PlainHeaderView(response.Headers)
{
    private const string Status = ":status";

    public override IEnumerable<KeyValuePair<string, string>> All => base.All.Prepend(KeyValuePair.Create(Status, Get(Status)!));

    public override string? Get(string name) =>
        name == Status ? response.StatusCode.ToString(CultureInfo.InvariantCulture) : base.Get(name);

    public override void Set(string name, string value)
    {
        if (name != Status)
        {
            base.Set(name, value);
        }
        else if (int.TryParse(value, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599)
        {
            response.StatusCode = status;
        }
    }

    public override void Add(string name, string value)
    {
        if (name == Status)
        {
            Set(name, value);
        }
        else
        {
            base.Add(name, value);
        }
    }

    public override void Remove(string name)
    {
        if (name != Status)
        {
            base.Remove(name);
        }
    }
}
