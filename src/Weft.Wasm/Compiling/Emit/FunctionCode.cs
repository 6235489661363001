namespace Weft.Wasm.Compiling.Emit;

/// <summary>A function before it is bytes: the types of its locals, the parameters first, and its instructions.</summary>
internal sealed class FunctionCode(List<WasmType> locals, int parameters, List<WasmInsn> code)
{
    public List<WasmType> Locals { get; set; } = locals;

    public int Parameters => parameters;

    public List<WasmInsn> Code { get; set; } = code;

    public byte[] Encode() => CodeEncoding.Encode(Locals[Parameters..], Code);
}
