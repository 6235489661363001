using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads what names another object.</summary>
internal static class References
{
    /// <summary>The object that a reference names, in the namespace of the object that refers unless it says another.</summary>
    public static ObjectName? Name(Head head, FieldReader reference, bool isLabel)
    {
        if (reference.Find("name") is null)
        {
            reference.Missing("name");
        }

        var @namespace = reference.Find("namespace") is null ? head.Name?.Namespace : reference.Label("namespace");
        var name = isLabel ? reference.Label("name") : reference.Subdomain("name");
        return name is not null && @namespace is not null ? new(@namespace, name) : null;
    }

    /// <summary>A weighted backend of a rule.</summary>
    public static BackendRefConfig Backend(Head head, FieldReader backend)
    {
        var weight = backend.Number("weight");
        if (weight is { Value: < 0 or > 1_000_000 } wrong)
        {
            backend.Findings.Error(
                "WEFT1108", wrong.Where,
                $"{backend.PathOf("weight")} is {wrong.Value}; a weight is a number from 0 to 1000000.");
        }

        var (headers, refused) = FilterDecoder.OfBackend(backend);
        return Target(head, backend) with
        {
            Weight = weight?.Value ?? 1,
            RequestHeaders = headers.RequestHeaders,
            ResponseHeaders = headers.ResponseHeaders,
            Refused = refused,
        };
    }

    /// <summary>A backend without a weight; closes the map.</summary>
    public static BackendRefConfig Target(Head head, FieldReader backend)
    {
        var group = backend.Text("group")?.Text ?? "";
        var kind = backend.Text("kind")?.Text ?? "Service";
        var name = References.Name(head, backend, isLabel: false) ?? default;
        var port = backend.Port("port");
        backend.Close();
        return new(
            group.Length == 0 ? kind : $"{kind} of {Excerpt.Of(group)}", name, port, 1, HeaderModifier.None, HeaderModifier.None,
            backend.Where);
    }
}
