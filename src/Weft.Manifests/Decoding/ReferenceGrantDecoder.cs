using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>ReferenceGrant</c> of the Gateway API.</summary>
internal static class ReferenceGrantDecoder
{
    public static ReferenceGrantConfig Decode(Head head, FieldReader spec)
    {
        spec.Require("from", "to");
        var grant = new ReferenceGrantConfig(
            head.Name ?? default, [.. spec.Maps("from").Select(From)], [.. spec.Maps("to").Select(To)], head.Where);
        spec.Close();
        return grant;
    }

    private static GrantFromConfig From(FieldReader entry)
    {
        entry.Require("group", "kind", "namespace");
        var from = new GrantFromConfig(
            entry.Text("group")?.Text ?? "", entry.Text("kind")?.Text ?? "", entry.Label("namespace") ?? "");
        entry.Close();
        return from;
    }

    private static GrantToConfig To(FieldReader entry)
    {
        entry.Require("group", "kind");
        var to = new GrantToConfig(entry.Text("group")?.Text ?? "", entry.Text("kind")?.Text ?? "", entry.Text("name")?.Text);
        entry.Close();
        return to;
    }
}
