using System.Text;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Modules put together byte by byte, for what no assembler would write.</summary>
internal static class ModuleBytes
{
    public static readonly byte[] Header = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    public static byte[] Of(params byte[][] sections) => [.. Header, .. sections.SelectMany(s => s)];

    public static byte[] Section(byte id, params byte[] content) => [id, .. Number((uint)content.Length), .. content];

    public static byte[] Custom(string name, byte[] content) => Section(0, [.. Text(name), .. content]);

    public static byte[] Text(string text) => [.. Number((uint)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A module of one function without parameters and results.</summary>
    public static byte[] OfBody(params byte[] body) => Of(
        Section(1, 1, 0x60, 0, 0),
        Section(3, 1, 0),
        Section(10, [1, .. Number((uint)body.Length), .. body]));

    public static byte[] Number(uint value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] WithoutCustomSections(byte[] bytes)
    {
        var module = WasmModule.Read(bytes);
        var kept = module.Sections.Where(s => !s.IsCustom).SelectMany(s => bytes[s.Offset..s.Range.End]);
        return [.. Header, .. kept];
    }
}
