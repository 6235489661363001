using System.Buffers.Binary;
using System.Text;

namespace Weft.Kernel.Tests.Links;

/// <summary>An ELF file with a segment at 0x1000, which lies at 0 in the file, and a few symbols.</summary>
internal static class TinyExecutable
{
    private const int Strings = 64;
    private const int StringsSize = 64;
    private const int Symbols = Strings + StringsSize;
    private const int Segment = Symbols + (10 * 24);
    private const int Sections = Segment + 56;

    public static byte[] Bytes()
    {
        var bytes = new byte[Sections + (3 * 64)];
        "\u007FELF"u8.CopyTo(bytes);
        (bytes[4], bytes[5]) = (2, 1);
        Write(bytes, 32, Segment);
        Write(bytes, 40, Sections);
        (bytes[54], bytes[56], bytes[58], bytes[60]) = (56, 1, 64, 3);
        var names = "\0global\0versioned@@V1\0both\0twice\0data\0indirect\0";
        Encoding.ASCII.GetBytes(names).CopyTo(bytes, Strings);
        var at = Symbols;
        Symbol(bytes, ref at, names.IndexOf("global", StringComparison.Ordinal), 0x12, 0x1010);
        Symbol(bytes, ref at, names.IndexOf("bal", StringComparison.Ordinal), 0x12, 0x1020);
        Symbol(bytes, ref at, names.IndexOf("versioned", StringComparison.Ordinal), 0x12, 0x1030);
        Symbol(bytes, ref at, names.IndexOf("both", StringComparison.Ordinal), 0x02, 0x1040);
        Symbol(bytes, ref at, names.IndexOf("both", StringComparison.Ordinal), 0x12, 0x1050);
        Symbol(bytes, ref at, names.IndexOf("twice", StringComparison.Ordinal), 0x02, 0x1060);
        Symbol(bytes, ref at, names.IndexOf("twice", StringComparison.Ordinal), 0x02, 0x1070);
        Symbol(bytes, ref at, names.IndexOf("data", StringComparison.Ordinal), 0x11, 0x1080);
        Symbol(bytes, ref at, names.IndexOf("indirect", StringComparison.Ordinal), 0x1A, 0x1090);
        bytes[Segment] = 1;
        bytes[Segment + 4] = 5;
        Write(bytes, Segment + 16, 0x1000);
        Write(bytes, Segment + 40, 0x200);
        bytes[Sections + 64 + 4] = 2;
        Write(bytes, Sections + 64 + 24, Symbols);
        Write(bytes, Sections + 64 + 32, at - Symbols);
        bytes[Sections + 64 + 40] = 2;
        bytes[Sections + 128 + 4] = 3;
        Write(bytes, Sections + 128 + 24, Strings);
        Write(bytes, Sections + 128 + 32, StringsSize);
        return bytes;
    }

    private static void Symbol(byte[] bytes, ref int at, int name, byte info, long value)
    {
        Write(bytes, at, name);
        bytes[at + 4] = info;
        bytes[at + 6] = 1;
        Write(bytes, at + 8, value);
        at += 24;
    }

    private static void Write(byte[] bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
}
