using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Mesh</c> of <c>weft.dev/v1alpha1</c>.</summary>
internal static class MeshDecoder
{
    public static MeshConfig Decode(Head head, FieldReader spec)
    {
        var unknown = spec.OneOf("unknownHosts", "Refuse", "Refuse", "Pass");
        var log = spec.OneOf("accessLog", "None", "None", "JSON");
        var tracing = spec.Map("tracing") is { } entry ? Tracing(entry) : null;
        spec.Close();
        return new(head.Name ?? default, new(unknown == "Pass", log == "JSON", tracing), head.Where);
    }

    private static TracingSettings Tracing(FieldReader tracing)
    {
        foreach (var field in (string[])["address", "port"])
        {
            if (tracing.Find(field) is null)
            {
                tracing.Missing(field, "say where the collector takes OTLP by gRPC");
            }
        }

        var address = tracing.Text("address");
        if (address is not null)
        {
            tracing.Findings.CheckAddress(address);
        }

        var settings = new TracingSettings(
            address?.Text ?? "", tracing.Port("port") ?? 0, tracing.AtLeast("samplePercent", 0, 100) ?? 100);
        tracing.Close();
        return settings;
    }
}
