using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Gateway</c> of the Gateway API.</summary>
internal static class GatewayDecoder
{
    // Who is not told to be reachable from elsewhere is not.
    private const string Loopback = "127.0.0.1";

    public static GatewayConfig Decode(Head head, FieldReader spec)
    {
        if (spec.Find("listeners") is null or ListNode { Items.IsEmpty: true })
        {
            spec.Missing("listeners", "say on which ports requests enter");
        }

        var names = new HashSet<string>();
        var asksCallers = spec.Map("tls") is { } tls ? AsksCallers(tls) : _ => null;
        var listeners = spec.Maps("listeners").Select(l => ListenerDecoder.Decode(head, l, names)).OfType<ListenerConfig>()
            .Select(l => l with { Refused = l.Refused ?? asksCallers(l) }).ToImmutableArray();
        var (address, refused) = Address(spec);
        spec.Ignore("gatewayClassName", "infrastructure");
        spec.NoEffect("allowedListeners", "no kind ListenerSet is read", "remove it, and write the listeners into the Gateway");
        spec.NoEffect("defaultScope", "routes attach to the gateways that they name", "remove it, and name the gateway in parentRefs");
        spec.NoEffect("backendTLS", "requests go to backends without TLS", "remove it");
        spec.Close();
        return new(head.Name ?? default, address, listeners, head.Where, refused) { Labels = head.Labels };
    }

    private static (string Address, Refusal? Refused) Address(FieldReader spec)
    {
        var addresses = new List<string>();
        var others = new List<string>();
        foreach (var entry in spec.Maps("addresses"))
        {
            var type = entry.Text("type")?.Text ?? "IPAddress";
            if (type != "IPAddress")
            {
                others.Add(type);
            }
            else if (entry.Text("value") is { } value && spec.Findings.CheckAddress(value))
            {
                addresses.Add(value.Text);
            }

            entry.Ignore("value");
            entry.Close();
        }

        if (others.Count == 0 && addresses.Count <= 1)
        {
            return (addresses.Count == 0 ? Loopback : addresses[0], null);
        }

        return (Loopback, new(
            "Accepted", "UnsupportedAddress",
            others.Count > 0
                ? $"spec.addresses asks for {Excerpt.Of(others[0])}, and a gateway binds one IP address: the gateway has no effect."
                : "spec.addresses names several addresses, and a gateway binds one: the gateway has no effect.",
            "name one IP address, such as 0.0.0.0 for all of the machine", spec.Find("addresses")!.Where));
    }

    // To let in callers that the listener is to turn away would be worse than to have no listener.
    private static Func<ListenerConfig, Refusal?> AsksCallers(FieldReader tls)
    {
        tls.NoEffect("backend", "requests go to backends without TLS", "remove it");
        var frontend = tls.Map("frontend");
        tls.Close();
        if (frontend is null)
        {
            return _ => null;
        }

        var standard = frontend.Map("default")?.Find("validation") is not null;
        var ports = frontend.Maps("perPort")
            .Select(p => (Port: p.Number("port")?.Value, Asks: p.Map("tls")?.Find("validation") is not null)).ToList();
        return listener => listener.Protocol == ListenerProtocol.Https
            && (ports.Find(p => p.Port == listener.Port) is { Port: not null } own ? own.Asks : standard)
                ? ListenerDecoder.Validation(listener.Name, frontend.Where)
                : null;
    }
}
