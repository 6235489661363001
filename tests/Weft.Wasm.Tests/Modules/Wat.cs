using Wasmtime;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Modules written as text, made by Wasmtime's assembler.</summary>
internal static class Wat
{
    public static byte[] Bytes(string text) => Module.ConvertText(text);
}
