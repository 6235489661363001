using Weft.Wasm.Modules;

namespace Weft.Wasm.Abi;

// Types of functions as the ABI has them: numbers of 32 and 64 bits in, one number or nothing out.
internal static class AbiSignature
{
    // One letter for each parameter, i for an i32 and I for an i64; behind a colon the result, if there is one.
    public static FunctionType Of(string letters)
    {
        var colon = letters.IndexOf(':', StringComparison.Ordinal);
        var parameters = colon < 0 ? letters : letters[..colon];
        return new([.. parameters.Select(Type)], colon < 0 ? [] : [Type(letters[colon + 1])]);
    }

    private static WasmType Type(char letter) => letter == 'i' ? WasmType.I32 : WasmType.I64;
}
