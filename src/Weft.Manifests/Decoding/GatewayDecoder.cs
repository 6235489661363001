using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Gateway</c> of the Gateway API.</summary>
internal static class GatewayDecoder
{
    // Who is not told to be reachable from elsewhere is not.
    private const string Loopback = "127.0.0.1";

    private static readonly ImmutableArray<RouteKind> AllKinds = [RouteKind.Http, RouteKind.Grpc];

    public static GatewayConfig Decode(Head head, FieldReader spec)
    {
        if (spec.Find("listeners") is null or ListNode { Items.IsEmpty: true })
        {
            spec.Missing("listeners", "say on which ports requests enter");
        }

        var names = new HashSet<string>();
        var asksCallers = spec.Map("tls") is { } tls ? AsksCallers(tls) : _ => null;
        var listeners = spec.Maps("listeners").Select(l => Listener(head, l, names)).OfType<ListenerConfig>()
            .Select(l => l with { Refused = l.Refused ?? asksCallers(l) }).ToImmutableArray();
        var (address, refused) = Address(spec);
        spec.Ignore("gatewayClassName", "infrastructure");
        spec.NoEffect("allowedListeners", "no kind ListenerSet is read", "remove it, and write the listeners into the Gateway");
        spec.NoEffect("defaultScope", "routes attach to the gateways that they name", "remove it, and name the gateway in parentRefs");
        spec.NoEffect("backendTLS", "requests go to backends without TLS", "remove it");
        spec.Close();
        return new(head.Name ?? default, address, listeners, head.Where, refused);
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

        if (addresses.Count + others.Count <= 1 && others.Count == 0)
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
                ? Validation(listener.Name, frontend.Where)
                : null;
    }

    private static Refusal Validation(string? listener, SourcePosition where) => new(
        "Accepted", "Invalid",
        $"The listener {listener} is to ask callers for certificates, which Weft does not do: it has no effect.",
        "remove it", where);

    private static ListenerConfig? Listener(Head head, FieldReader listener, HashSet<string> names)
    {
        foreach (var field in (string[])["name", "port", "protocol"])
        {
            if (listener.Find(field) is null)
            {
                listener.Missing(field);
            }
        }

        var name = listener.Subdomain("name");
        if (name is not null)
        {
            listener.Findings.CheckOnce(names, name, listener.Find("name")!.Where, $"The listener {name}");
        }

        var host = Host(listener);
        var port = listener.Port("port");
        var (protocol, refused) = Protocol(listener);
        var tls = listener.Map("tls");
        var certificates = tls is not null && refused is null ? Certificates(head, tls) : [];
        if (tls?.Find("frontendValidation") is { } validation)
        {
            refused ??= Validation(name, validation.Where);
        }

        var (namespaces, kinds) = Allowed(listener);
        listener.Close();
        if (protocol == ListenerProtocol.Https && certificates.IsEmpty && refused is null)
        {
            listener.Missing("tls.certificateRefs", "name the Secret with the certificate");
        }

        return name is null || port is null || protocol is null
            ? null
            : new(name, port.Value, protocol.Value, host, certificates, namespaces, kinds, listener.Where, refused);
    }

    private static string? Host(FieldReader listener)
    {
        if (listener.Text("hostname") is not { Text.Length: > 0 } text)
        {
            return null;
        }

        if (!Syntax.IsHost(text.Text))
        {
            listener.Findings.Error(
                "WEFT1101", text.Where, $"{Excerpt.Of(text.Text)} is no host name.",
                "write a DNS name without a port; its first label may be *");
        }

        return text.Text;
    }

    private static (ListenerProtocol? Protocol, Refusal? Refused) Protocol(FieldReader listener)
    {
        switch (listener.OneOf("protocol", null, "HTTP", "HTTPS", "TLS", "TCP", "UDP"))
        {
            case null:
                return (null, null);
            case "HTTP":
                return (ListenerProtocol.Http, null);
            case "HTTPS":
                return (ListenerProtocol.Https, null);
            case var other:
                return (ListenerProtocol.Https, new(
                    "Accepted", "UnsupportedProtocol",
                    $"{listener.PathOf("protocol")} is {other}; gateways of Weft speak HTTP and HTTPS: the listener has no effect.",
                    "use HTTP or HTTPS, or remove the listener", listener.Find("protocol")!.Where));
        }
    }

    private static ImmutableArray<CertificateRefConfig> Certificates(Head head, FieldReader tls)
    {
        if (tls.OneOf("mode", "Terminate", "Terminate", "Passthrough") == "Passthrough")
        {
            tls.Unsupported("mode");
        }

        var references = tls.Maps("certificateRefs").Select(r => Certificate(head, r)).ToImmutableArray();
        if (tls.Map("options") is { } options)
        {
            // Policy of ours: a certificate that the gateway's machine holds already need not pass through here.
            var (chain, key) = (options.Text("weft.dev/certificate-file")?.Text, options.Text("weft.dev/key-file")?.Text);
            if (chain is not null && key is not null)
            {
                references = references.Add(new(null, chain, key, options.Where));
            }

            options.Close();
        }

        tls.Ignore("frontendValidation");
        tls.Close();
        return references;
    }

    private static CertificateRefConfig Certificate(Head head, FieldReader reference)
    {
        reference.OneOf("group", "", "");
        reference.OneOf("kind", "Secret", "Secret");
        var name = References.Name(head, reference, isLabel: false);
        reference.Close();
        return new(name ?? default, null, null, reference.Where);
    }

    private static (RouteNamespaces Namespaces, ImmutableArray<RouteKind> Kinds) Allowed(FieldReader listener)
    {
        var allowed = listener.Map("allowedRoutes");
        var kinds = allowed?.Maps("kinds").Select(Kind).OfType<RouteKind>().ToImmutableArray() ?? [];
        var hasKinds = allowed?.Find("kinds") is ListNode { Items.IsEmpty: false };
        var namespaces = allowed?.Map("namespaces") is { } entry ? Namespaces(entry) : new("Same", Head.NoLabels);
        allowed?.Close();
        return (namespaces, hasKinds ? kinds : AllKinds);
    }

    private static RouteKind? Kind(FieldReader entry)
    {
        entry.Ignore("group");
        var kind = entry.Text("kind")?.Text;
        entry.Close();
        return kind switch
        {
            "HTTPRoute" => RouteKind.Http,
            "GRPCRoute" => RouteKind.Grpc,
            _ => null,
        };
    }

    private static RouteNamespaces Namespaces(FieldReader entry)
    {
        var from = entry.OneOf("from", "Same", "Same", "All", "Selector", "None") ?? "Same";
        var selector = entry.Map("selector");
        entry.Close();
        if (selector is null)
        {
            return new(from, Head.NoLabels);
        }

        var namespaces = new RouteNamespaces(from, selector.Labels("matchLabels"))
        {
            Expressions = [.. selector.Maps("matchExpressions").Select(Requirement)],
        };
        selector.Close();
        return namespaces;
    }

    private static LabelRequirement Requirement(FieldReader entry)
    {
        foreach (var field in (string[])["key", "operator"])
        {
            if (entry.Find(field) is null)
            {
                entry.Missing(field);
            }
        }

        var requirement = new LabelRequirement(
            entry.Text("key")?.Text ?? "",
            entry.OneOf("operator", null, "In", "NotIn", "Exists", "DoesNotExist") ?? "Exists",
            [.. entry.Texts("values").Select(v => v.Text)]);
        entry.Close();
        return requirement;
    }
}
