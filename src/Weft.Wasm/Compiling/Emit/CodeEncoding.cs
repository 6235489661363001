namespace Weft.Wasm.Compiling.Emit;

/// <summary>The bytes of a function: its locals in runs of a type, and its instructions.</summary>
internal static class CodeEncoding
{
    public static byte[] Encode(IReadOnlyList<WasmType> locals, IReadOnlyList<WasmInsn> code)
    {
        var runs = new List<(int Count, WasmType Type)>();
        foreach (var type in locals)
        {
            if (runs.Count > 0 && runs[^1].Type == type)
            {
                runs[^1] = (runs[^1].Count + 1, type);
            }
            else
            {
                runs.Add((1, type));
            }
        }

        var body = new ByteBuilder().Unsigned((uint)runs.Count);
        runs.ForEach(r => body.Unsigned((uint)r.Count).Byte((int)r.Type));
        var open = new List<Label>();
        foreach (var insn in code)
        {
            Encode(body, insn, open);
        }

        return body.Byte(Op.End).ToArray();
    }

    private static void Encode(ByteBuilder body, WasmInsn insn, List<Label> open)
    {
        body.Byte(insn.Op);
        switch (insn.Op)
        {
            case Op.Block or Op.Loop or Op.If:
                _ = insn.Value < Op.FirstBlockType ? body.Byte((int)insn.Value) : body.Signed(insn.Value - Op.FirstBlockType);
                open.Add(insn.Target!);
                break;
            case Op.End:
                open.RemoveAt(open.Count - 1);
                break;
            case Op.Br or Op.BrIf:
                body.Unsigned(Depth(open, insn.Target!));
                break;
            case Op.BrTable:
                body.Unsigned((uint)insn.Targets!.Count - 1);
                insn.Targets.ToList().ForEach(t => body.Unsigned(Depth(open, t)));
                break;
            case Op.CallIndirect:
                body.Unsigned((uint)insn.Value).Byte(0);
                break;
            case Op.Call or Op.LocalGet or Op.LocalSet or Op.LocalTee or Op.GlobalGet or Op.GlobalSet:
                body.Unsigned((uint)insn.Value);
                break;
            case Op.I32Const or Op.I64Const:
                body.Signed(insn.Value);
                break;
            case Op.F32Const:
                body.Bytes(BitConverter.GetBytes((int)insn.Value));
                break;
            case Op.F64Const:
                body.Bytes(BitConverter.GetBytes(insn.Value));
                break;
            case Op.MemorySize or Op.MemoryGrow:
                body.Byte(0);
                break;
            case Op.Prefix:
                body.Unsigned((uint)insn.Value).Bytes(insn.Value switch { Op.MemoryCopy => [0, 0], Op.MemoryFill => [0], _ => [] });
                break;
            case >= 0x28 and <= 0x3e:
                body.Unsigned(insn.Size switch { 1 => 0u, 2 => 1u, 4 => 2u, _ => 3u }).Unsigned((uint)insn.Value);
                break;
        }
    }

    private static uint Depth(List<Label> open, Label label) => (uint)(open.Count - 1 - open.LastIndexOf(label));
}
