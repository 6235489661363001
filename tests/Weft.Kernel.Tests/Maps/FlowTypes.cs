using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Maps;

/// <summary>The types of <c>struct flow { u32 address; u16 source_port; u16 target_port; }</c>, written by hand.</summary>
internal static class FlowTypes
{
    public const uint Number = 1;
    public const uint Flow = 3;

    private const string Strings = "\0int\0short\0flow\0address\0source_port\0target_port\0";

    public static byte[] Bytes { get; } = Write();

    /// <summary>Loads them; a descriptor, or an error.</summary>
    public static unsafe long Load(IKernel kernel)
    {
        fixed (byte* start = Bytes)
        {
            var attributes = new ulong[4];
            (attributes[0], attributes[2]) = ((ulong)start, (ulong)Bytes.Length);
            return kernel.Bpf(BpfCommand.BtfLoad, MemoryMarshal.AsBytes(attributes.AsSpan()));
        }
    }

    private static byte[] Write()
    {
        uint[] records =
        [
            At("int"), 1 << 24, 4, 32,
            At("short"), 1 << 24, 2, 16,
            At("flow"), (4 << 24) | 3, 8, At("address"), 1, 0, At("source_port"), 2, 32, At("target_port"), 2, 48,
        ];
        var size = (uint)records.Length * 4;
        uint[] header = [0x1_EB9F, 24, 0, size, size, (uint)Strings.Length];
        return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. MemoryMarshal.AsBytes(records.AsSpan()), .. Encoding.ASCII.GetBytes(Strings)];
    }

    private static uint At(string name) => (uint)Strings.IndexOf($"\0{name}\0", StringComparison.Ordinal) + 1;
}
