using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads one of the <c>listeners</c> of a gateway.</summary>
internal static class ListenerDecoder
{
    private static readonly ImmutableArray<RouteKind> AllKinds = [RouteKind.Http, RouteKind.Grpc];
    private static readonly ImmutableArray<string> Protocols = ["HTTP", "HTTPS", "TLS", "TCP", "UDP"];

    /// <param name="names">The names of the listeners before it.</param>
    public static ListenerConfig? Decode(Head head, FieldReader listener, HashSet<string> names)
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

    /// <summary>What becomes of a listener that is to turn callers away: to let them in would be worse than to have none.</summary>
    public static Refusal Validation(string? listener, SourcePosition where) => new(
        "Accepted", "Invalid",
        $"The listener {listener} is to ask callers for certificates, which Weft does not do: it has no effect.",
        "remove it", where);

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
        if (listener.Text("protocol") is not { } protocol)
        {
            return (null, null);
        }

        if (Spelling.Nearest(protocol.Text, Protocols, maxDistance: 1) is { } meant && meant != protocol.Text)
        {
            listener.Findings.Error(
                "WEFT1109", protocol.Where, $"{listener.PathOf("protocol")}: there is no protocol {Excerpt.Of(protocol.Text)}.",
                $"did you mean {meant}?");
            return (null, null);
        }

        // Implementations may have protocols of their own, such as HBONE: to have none of them is no mistake.
        return protocol.Text switch
        {
            "HTTP" => (ListenerProtocol.Http, null),
            "HTTPS" => (ListenerProtocol.Https, null),
            var other => (ListenerProtocol.Https, new(
                "Accepted", "UnsupportedProtocol",
                $"{listener.PathOf("protocol")} is {Excerpt.Of(other)}; gateways of Weft speak HTTP and HTTPS: the listener has no effect.",
                "use HTTP or HTTPS, or remove the listener", protocol.Where)),
        };
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
