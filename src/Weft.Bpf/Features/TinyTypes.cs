using System.Runtime.InteropServices;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Types of a few records that only show whether a kernel takes them.</summary>
internal static unsafe class TinyTypes
{
    private const uint HeaderSize = 24;
    private const uint Version = 0x0001_EB9F;

    // Their places: 1, 3 and 9.
    private static ReadOnlySpan<byte> Strings => "\0x\0.data\0arg\0\0\0\0"u8;

    private const uint Letter = 1;
    private const uint Section = 3;
    private const uint Argument = 9;

    /// <summary>A number of 32 bits: type 1 in all of these.</summary>
    public static uint[] Number { get; } = [Letter, Head(BtfKind.Int), 4, 0x0100_0020];

    public static uint[] Function(BtfLinkage linkage) =>
        [.. Number, 0, Head(BtfKind.Prototype, 1), 0, Argument, 1, Letter, Head(BtfKind.Function, (uint)linkage), 2];

    public static uint[] DataSection { get; } =
        [.. Number, Letter, Head(BtfKind.Variable), 1, 0, Section, Head(BtfKind.DataSection, 1), 4, 2, 0, 4];

    public static uint[] Float { get; } = [.. Number, Letter, Head(BtfKind.Float), 4];

    public static uint[] DeclarationTag { get; } =
        [.. Number, Letter, Head(BtfKind.Variable), 1, 0, Letter, Head(BtfKind.DeclarationTag), 2, uint.MaxValue];

    public static uint[] TypeTag { get; } = [.. Number, Letter, Head(BtfKind.TypeTag), 1, 0, Head(BtfKind.Pointer), 2];

    public static uint[] Enum64 { get; } = [.. Number, Letter, Head(BtfKind.Enum64, 1), 8, Letter, 1, 1];

    /// <summary>Loads types.</summary>
    /// <returns>A descriptor, or an error.</returns>
    public static long Load(IKernel kernel, uint[] records)
    {
        var size = (uint)records.Length * sizeof(uint);
        uint[] header = [Version, HeaderSize, 0, size, size, (uint)Strings.Length];
        byte[] bytes = [.. MemoryMarshal.AsBytes(header.AsSpan()), .. MemoryMarshal.AsBytes(records.AsSpan()), .. Strings];
        fixed (byte* start = bytes)
        {
            var attributes = new TypesLoadAttributes { Bytes = start, Size = (uint)bytes.Length };
            return kernel.Call(BpfCommand.BtfLoad, ref attributes);
        }
    }

    private static uint Head(BtfKind kind, uint count = 0) => ((uint)kind << 24) | count;

    [StructLayout(LayoutKind.Sequential)]
    private struct TypesLoadAttributes
    {
        public byte* Bytes;
        public byte* Log;
        public uint Size;
        public uint LogSize;
        public uint LogLevel;
    }
}
