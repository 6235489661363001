namespace Weft.Wasm.Modules;

/// <summary>
/// The type of a WebAssembly value. The numbers are those of the binary format (WebAssembly 2.0, section 5.3).
/// </summary>
public enum WasmType : byte
{
    /// <summary>No type known: what unreachable code leaves on the operand stack. It never stands in a module.</summary>
    None = 0,

    /// <summary>A reference to a value of the host.</summary>
    ExternRef = 0x6F,

    /// <summary>A reference to a function.</summary>
    FuncRef = 0x70,

    /// <summary>A vector of 128 bits.</summary>
    V128 = 0x7B,

    /// <summary>A floating-point number of 64 bits.</summary>
    F64 = 0x7C,

    /// <summary>A floating-point number of 32 bits.</summary>
    F32 = 0x7D,

    /// <summary>An integer of 64 bits.</summary>
    I64 = 0x7E,

    /// <summary>An integer of 32 bits; also addresses, sizes and truth.</summary>
    I32 = 0x7F,
}

internal static class WasmTypes
{
    public static bool IsType(int code) =>
        code is (>= (int)WasmType.V128 and <= (int)WasmType.I32) or (int)WasmType.FuncRef or (int)WasmType.ExternRef;

    public static bool IsReference(this WasmType type) => type is WasmType.FuncRef or WasmType.ExternRef;

    public static string Word(this WasmType type) => type switch
    {
        WasmType.I32 => "i32",
        WasmType.I64 => "i64",
        WasmType.F32 => "f32",
        WasmType.F64 => "f64",
        WasmType.V128 => "v128",
        WasmType.FuncRef => "funcref",
        WasmType.ExternRef => "externref",
        _ => "any",
    };
}
