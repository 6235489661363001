namespace Weft.Wasm.Compiling.Emit;

/// <summary>The number types of WebAssembly, with the codes of the binary format.</summary>
internal enum WasmType : byte
{
    I32 = 0x7f,
    I64 = 0x7e,
    F32 = 0x7d,
    F64 = 0x7c,
}
