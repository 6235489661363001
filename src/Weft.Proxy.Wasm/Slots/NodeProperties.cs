using System.Buffers;
using System.Text;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>What plugins may know of the proxy itself: <c>xds.node.id</c>, <c>xds.node.metadata.…</c>.</summary>
internal static class NodeProperties
{
    private const int Longest = 1024;

    public static bool TryGet(Node node, ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (path.Length > Longest)
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(path).Split('\0').AsSpan();
        parts = parts is ["xds", ..] ? parts[1..] : parts;
        switch (parts)
        {
            case ["node", "id"]:
                PropertyValue.Write(value, node.Id);
                return true;
            case ["node", "cluster"]:
                PropertyValue.Write(value, node.Cluster);
                return true;
            case ["node", "metadata", .. var rest] when node.Metadata is { } metadata:
                return TryWrite(Find(Value.ForStruct(metadata), rest), value);
            default:
                return false;
        }
    }

    private static Value? Find(Value? value, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            value = value?.StructValue?.Fields.GetValueOrDefault(part);
        }

        return value;
    }

    // Maps and lists are not offered: plugins read what is in them.
    private static bool TryWrite(Value? found, IBufferWriter<byte> value)
    {
        switch (found?.KindCase)
        {
            case Value.KindOneofCase.StringValue:
                PropertyValue.Write(value, found.StringValue);
                return true;
            case Value.KindOneofCase.NumberValue:
                PropertyValue.Write(value, found.NumberValue);
                return true;
            case Value.KindOneofCase.BoolValue:
                PropertyValue.Write(value, found.BoolValue);
                return true;
            default:
                return false;
        }
    }
}
