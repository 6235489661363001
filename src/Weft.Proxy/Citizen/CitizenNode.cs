using Google.Protobuf.WellKnownTypes;

namespace Weft.Proxy.Citizen;

/// <summary>
/// How an application calls itself at the control plane: a sidecar, by the fields of <c>node.metadata.weft</c> that the
/// control plane reads (its <c>NodeGroup</c>).
/// </summary>
internal static class CitizenNode
{
    private const string DefaultNamespace = "default";

    public static (Struct Metadata, string Workload) Of(WeftProxyOptions options)
    {
        var node = options.Node;
        var dot = node.LastIndexOf('.');
        var weft = new Struct
        {
            Fields =
            {
                ["class"] = Value.ForString("sidecar"),
                ["group"] = Value.ForString($"sidecar/{(dot < 0 ? $"{node}.{DefaultNamespace}" : node)}"),
            },
        };
        // With port 0 the address is not known before the proxy has introduced itself.
        if (options.Admin is { Port: > 0 } admin)
        {
            weft.Fields["stats"] = Value.ForString(admin.ToString());
        }

        return (new Struct { Fields = { ["weft"] = Value.ForStruct(weft) } }, dot < 0 ? node : node[..dot]);
    }
}
