using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>ReferenceGrant</c> of the Gateway API.</summary>
internal static class ReferenceGrantDecoder
{
    public static ReferenceGrantConfig Decode(Head head, FieldReader spec)
    {
        foreach (var field in (string[])["from", "to"])
        {
            if (spec.Find(field) is null)
            {
                spec.Missing(field);
            }
        }

        var grant = new ReferenceGrantConfig(
            head.Name ?? default, [.. spec.Maps("from").Select(From)], [.. spec.Maps("to").Select(To)], head.Where);
        spec.Close();
        return grant;
    }

    private static GrantFromConfig From(FieldReader entry)
    {
        Require(entry, "group", "kind", "namespace");
        var from = new GrantFromConfig(
            entry.Text("group")?.Text ?? "", entry.Text("kind")?.Text ?? "", entry.Label("namespace") ?? "");
        entry.Close();
        return from;
    }

    private static GrantToConfig To(FieldReader entry)
    {
        Require(entry, "group", "kind");
        var to = new GrantToConfig(entry.Text("group")?.Text ?? "", entry.Text("kind")?.Text ?? "", entry.Text("name")?.Text);
        entry.Close();
        return to;
    }

    private static void Require(FieldReader entry, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (entry.Find(field) is null)
            {
                entry.Missing(field);
            }
        }
    }
}
