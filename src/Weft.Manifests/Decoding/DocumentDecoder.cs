using System.Collections.Immutable;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>
/// A tree → an object of one of the kinds that are read; a <c>List</c> gives one for each of its items.
/// </summary>
internal static class DocumentDecoder
{
    private const string V1 = Gateways.Group + "/v1";
    private const string V1Beta1 = Gateways.Group + "/v1beta1";

    // The versions of each kind; those of one kind have the same fields.
    private static readonly ImmutableArray<(ManifestKind Kind, string Group, ImmutableArray<string> Versions)> Kinds =
    [
        (ManifestKind.Service, "", ["v1"]),
        (ManifestKind.EndpointSlice, "discovery.k8s.io", ["discovery.k8s.io/v1"]),
        (ManifestKind.Namespace, "", ["v1"]),
        (ManifestKind.Secret, "", ["v1"]),
        (ManifestKind.Gateway, Gateways.Group, [V1, V1Beta1]),
        (ManifestKind.HTTPRoute, Gateways.Group, [V1, V1Beta1]),
        (ManifestKind.GRPCRoute, Gateways.Group, [V1, Gateways.Group + "/v1alpha2"]),
        (ManifestKind.ReferenceGrant, Gateways.Group, [V1Beta1, V1]),
        (ManifestKind.Workload, "weft.dev", ["weft.dev/v1alpha1"]),
        (ManifestKind.TrafficPolicy, "weft.dev", ["weft.dev/v1alpha1"]),
        (ManifestKind.Mesh, "weft.dev", ["weft.dev/v1alpha1"]),
        (ManifestKind.WasmPlugin, "extensions.istio.io", ["extensions.istio.io/v1alpha1"]),
    ];

    public static IEnumerable<ManifestDocument> Decode(YamlDocument document) =>
        IsList(document.Root) ? Items((MapNode)document.Root, document.Findings) : [One(document)];

    private static bool IsList(Node root) =>
        root is MapNode map && TextOf(map, "apiVersion") == "v1" && TextOf(map, "kind") == "List";

    private static string? TextOf(MapNode map, string name) =>
        (map.Fields.FirstOrDefault(f => f.Name.Text == name)?.Value as ScalarNode)?.Text;

    // What is wrong with the form of the text may lie in any item: it is told of the list, and no item is taken.
    private static IEnumerable<ManifestDocument> Items(MapNode root, ImmutableArray<Diagnostic> formFindings)
    {
        var findings = new Findings();
        var list = new FieldReader(root, "", findings);
        list.Ignore("apiVersion", "kind", "metadata");
        var items = list.List("items").ToArray();
        list.Close();
        var isGood = formFindings.All(d => d.Severity != Severity.Error);
        return items.SelectMany(i => Decode(new(i.Item, [])))
            .Select(d => isGood ? d : d with { Config = null })
            .Prepend(new(root.Where, null, null, formFindings.AddRange(findings.All)));
    }

    private static ManifestDocument One(YamlDocument document)
    {
        var findings = new Findings();
        if (document.Root is not MapNode root)
        {
            findings.Error(
                "WEFT1011", document.Root.Where, $"The document is {document.Root.What}; it must be a map.",
                "begin it with apiVersion, kind and metadata");
            return new(document.Root.Where, null, null, document.Findings.AddRange(findings.All));
        }

        var reader = new FieldReader(root, "", findings);
        var kind = KindOf(reader);
        var (name, decoded) = kind is null ? (null, null) : Object(kind.Value, reader);
        var found = document.Findings.AddRange(findings.All);
        var isGood = !findings.HasErrors && document.Findings.All(d => d.Severity != Severity.Error);
        return new(
            root.Where, kind is { } known && name is { } named ? new(known, named) : null,
            isGood ? decoded : null, found);
    }

    private static (Model.ObjectName? Name, object? Object) Object(ManifestKind kind, FieldReader document)
    {
        document.Ignore("status");
        // Names of services and workloads become parts of host names; the others may have dots.
        var head = Head.Of(document, isLabel: kind is ManifestKind.Service or ManifestKind.Workload or ManifestKind.Namespace);
        if (kind is ManifestKind.EndpointSlice or ManifestKind.Secret or ManifestKind.Namespace)
        {
            object? whole = kind switch
            {
                ManifestKind.EndpointSlice => EndpointSliceDecoder.Decode(head, document),
                ManifestKind.Secret => SecretDecoder.Decode(head, document),
                _ => new NamespaceConfig(head.Name?.Name ?? "", head.Labels, head.Where),
            };
            document.Ignore("spec");
            document.Close();
            return (whole is null ? null : head.Name, whole);
        }

        if (document.Find("spec") is null)
        {
            document.Missing("spec");
        }

        object? decoded = document.Map("spec") is not { } spec ? null : kind switch
        {
            ManifestKind.Service => ServiceDecoder.Decode(head, spec),
            ManifestKind.HTTPRoute => RouteDecoder.Decode(RouteKind.Http, head, spec),
            ManifestKind.GRPCRoute => RouteDecoder.Decode(RouteKind.Grpc, head, spec),
            ManifestKind.Gateway => GatewayDecoder.Decode(head, spec),
            ManifestKind.ReferenceGrant => ReferenceGrantDecoder.Decode(head, spec),
            ManifestKind.TrafficPolicy => TrafficPolicyDecoder.Decode(head, spec),
            ManifestKind.Mesh => MeshDecoder.Decode(head, spec),
            ManifestKind.WasmPlugin => WasmPluginDecoder.Decode(head, spec),
            _ => WorkloadDecoder.Decode(head, spec),
        };
        document.Close();
        return (head.Name, decoded);
    }

    /// <summary>The kind of a document; null, with a finding, where it is none that is read.</summary>
    private static ManifestKind? KindOf(FieldReader document)
    {
        foreach (var field in (string[])["apiVersion", "kind"])
        {
            if (document.Find(field) is null)
            {
                document.Missing(field);
            }
        }

        if (document.Text("apiVersion") is not { } version || document.Text("kind") is not { } kind)
        {
            return null;
        }

        var group = version.Text.Contains('/') ? version.Text[..version.Text.IndexOf('/')] : "";
        var ofGroup = Kinds.Where(k => k.Group == group).ToArray();
        foreach (var (known, _, versions) in ofGroup.Where(k => k.Kind.ToString() == kind.Text))
        {
            if (versions.Contains(version.Text))
            {
                return known;
            }

            document.Findings.Error(
                "WEFT1015", version.Where, $"{kind.Text} is not read in the version {Excerpt.Of(version.Text)}.",
                $"use {versions[0]}");
            return null;
        }

        PassOver(document.Findings, version, kind, [.. ofGroup.Select(k => k.Kind.ToString())]);
        return null;
    }

    // One letter away from a kind of the same group is a slip; further away there are real kinds, such as TCPRoute.
    private static void PassOver(Findings findings, ScalarNode version, ScalarNode kind, string[] ofGroup)
    {
        if (Spelling.Nearest(kind.Text, ofGroup, maxDistance: 1) is { } meant)
        {
            findings.Error(
                "WEFT1015", kind.Where, $"{version.Text} has no kind {Excerpt.Of(kind.Text)}.",
                $"did you mean {meant}?");
        }
        else
        {
            findings.Info(
                "WEFT1014", kind.Where,
                $"{Excerpt.Of(kind.Text)} of {Excerpt.Of(version.Text)} is not read: the document has no effect.");
        }
    }
}
