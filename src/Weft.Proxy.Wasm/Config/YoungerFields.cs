using Envoy.Extensions.Wasm.V3;
using Google.Protobuf;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>
/// Fields of <c>PluginConfig</c> that are younger than the API that is generated here. One that is not obeyed is
/// refused; nothing is passed over.
/// </summary>
internal static class YoungerFields
{
    private const int Newest = 6;
    private const int FailurePolicyField = 7;
    private const int BodyWhilePausedField = 9;

    /// <summary>The failure policy; null where none is said.</summary>
    /// <exception cref="WasmConfigException">A field is set that is not supported.</exception>
    public static FailurePolicy? PolicyOf(PluginConfig config)
    {
        // Without the parts that may be large: what is known was read already.
        var rest = config.Clone();
        (rest.VmConfig, rest.Configuration) = (null, null);
        var input = rest.ToByteString().CreateCodedInput();
        FailurePolicy? policy = null;
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            if (field == FailurePolicyField && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
            {
                policy = Policy(input.ReadEnum());
            }
            else if (field > Newest && !IsUnset(field, tag, input))
            {
                throw new WasmConfigException($"the field {field} of PluginConfig is not supported by Weft.Proxy");
            }
            else if (field <= Newest)
            {
                input.SkipLastField();
            }
        }

        return policy;
    }

    private static FailurePolicy? Policy(int number) => number switch
    {
        0 => null,
        1 => FailurePolicy.FailReload,
        2 => FailurePolicy.FailClosed,
        3 => FailurePolicy.FailOpen,
        _ => throw new WasmConfigException($"failure_policy {number} is unknown"),
    };

    // A BoolValue that is false says what holds anyway.
    private static bool IsUnset(int field, uint tag, CodedInputStream input) =>
        field == BodyWhilePausedField && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited
        && input.ReadBytes() is { Length: 0 };
}
