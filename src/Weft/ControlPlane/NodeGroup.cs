using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using Weft.Translation;

namespace Weft.ControlPlane;

/// <summary>
/// Which set of resources a node gets. A proxy says its class in <c>node.metadata.weft.class</c>, as
/// <c>weft bootstrap</c> writes it; whoever says nothing gets the raw resources only.
/// </summary>
internal static class NodeGroup
{
    public const string MetadataKey = "weft";
    public const string ClassKey = "class";
    public const string GroupKey = "group";
    public const string StatsKey = "stats";

    public const string SidecarClass = "sidecar";
    public const string GatewayClass = "gateway";
    public const string GrpcClass = "grpc";

    /// <summary>The group of a node that no set is made for.</summary>
    public const string Unknown = "";

    public static string Of(Node node) => Field(node, GroupKey) is { } group ? group
        : Field(node, ClassKey) switch
        {
            SidecarClass => Of(new ProxyClass.Sidecar(NameOf(node.Id))),
            GatewayClass => Of(new ProxyClass.Gateway(NameOf(node.Id))),
            GrpcClass => Of(new ProxyClass.Grpc(NameOf(node.Id).Namespace)),
            _ => Unknown,
        };

    public static string Of(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Sidecar sidecar => $"{SidecarClass}/{sidecar.Workload.NodeId}",
        ProxyClass.Gateway gateway => $"{GatewayClass}/{gateway.Name.NodeId}",
        ProxyClass.Grpc grpc => $"{GrpcClass}/{grpc.Namespace}",
        _ => Unknown,
    };

    /// <summary>The proxy of a workload or of a gateway.</summary>
    public static ProxyClass ProxyOf(ObjectName name, bool isGateway) =>
        isGateway ? new ProxyClass.Gateway(name) : new ProxyClass.Sidecar(name);

    /// <summary>Workload and namespace of a node id <c>workload.namespace</c>; a name without a dot is in the default namespace.</summary>
    public static ObjectName NameOf(string nodeId)
    {
        var dot = nodeId.LastIndexOf('.');
        return dot < 0 ? new(ObjectName.DefaultNamespace, nodeId) : new(nodeId[(dot + 1)..], nodeId[..dot]);
    }

    /// <summary>A text of <c>node.metadata.weft</c>, or null.</summary>
    public static string? Field(Node node, string key) =>
        node.Metadata?.Fields.GetValueOrDefault(MetadataKey)?.StructValue?.Fields.GetValueOrDefault(key) is
        { KindCase: Value.KindOneofCase.StringValue } value
            ? value.StringValue
            : null;

    /// <summary>The metadata that <see cref="Of(Node)"/> reads.</summary>
    /// <param name="stats">Where the proxy shows its statistics, as <c>host:port</c>; null where it shows none.</param>
    public static Struct Metadata(ProxyClass proxy, string? stats)
    {
        var weft = new Struct
        {
            Fields =
            {
                [ClassKey] = Value.ForString(ClassOf(proxy)),
                [GroupKey] = Value.ForString(Of(proxy)),
            },
        };
        if (stats is not null)
        {
            weft.Fields[StatsKey] = Value.ForString(stats);
        }

        return new Struct { Fields = { [MetadataKey] = Value.ForStruct(weft) } };
    }

    private static string ClassOf(ProxyClass proxy) => proxy switch
    {
        ProxyClass.Gateway => GatewayClass,
        ProxyClass.Grpc => GrpcClass,
        _ => SidecarClass,
    };
}
