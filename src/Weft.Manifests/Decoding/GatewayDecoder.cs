using System.Collections.Immutable;
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
        var listeners = spec.Maps("listeners").Select(l => Listener(head, l, names)).OfType<ListenerConfig>().ToImmutableArray();
        var address = Address(spec);
        spec.Ignore("gatewayClassName", "infrastructure");
        spec.Unsupported("allowedListeners", "backendTLS", "tls", "defaultScope");
        spec.Close();
        return new(head.Name ?? default, address, listeners, head.Where);
    }

    private static string Address(FieldReader spec)
    {
        var addresses = new List<string>();
        foreach (var entry in spec.Maps("addresses"))
        {
            entry.OneOf("type", "IPAddress", "IPAddress");
            if (entry.Text("value") is { } value && spec.Findings.CheckAddress(value))
            {
                addresses.Add(value.Text);
            }

            entry.Close();
        }

        if (addresses.Count > 1)
        {
            spec.Findings.Error(
                "WEFT1110", spec.Find("addresses")!.Where, "spec.addresses names several addresses; a gateway binds one.",
                "name one, such as 0.0.0.0 for all of the machine");
        }

        return addresses.Count == 0 ? Loopback : addresses[0];
    }

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
        var protocol = Protocol(listener);
        var certificates = listener.Map("tls") is { } tls ? Certificates(head, tls) : [];
        var (namespaces, kinds) = Allowed(listener);
        listener.Close();
        if (protocol == ListenerProtocol.Https && certificates.IsEmpty)
        {
            listener.Missing("tls.certificateRefs", "name the Secret with the certificate");
        }

        return name is null || port is null || protocol is null
            ? null
            : new(name, port.Value, protocol.Value, host, certificates, namespaces, kinds, listener.Where);
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

    private static ListenerProtocol? Protocol(FieldReader listener)
    {
        switch (listener.OneOf("protocol", null, "HTTP", "HTTPS", "TLS", "TCP", "UDP"))
        {
            case null:
                return null;
            case "HTTP":
                return ListenerProtocol.Http;
            case "HTTPS":
                return ListenerProtocol.Https;
            default:
                listener.Unsupported("protocol");
                return null;
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

        tls.Unsupported("frontendValidation");
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
        var labels = Head.NoLabels;
        if (entry.Map("selector") is { } selector)
        {
            labels = selector.Labels("matchLabels");
            selector.Unsupported("matchExpressions");
            selector.Close();
        }

        entry.Close();
        return new(from, labels);
    }
}
