using Weft.Wasm.Modules;
using Weft.Wasm.Modules.Validation;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Every instruction with fixed types, one by one, against Wasmtime.</summary>
public sealed class InstructionTests
{
    private static readonly WasmType[] Values = [WasmType.I32, WasmType.I64, WasmType.F32, WasmType.F64, WasmType.V128];

    [Fact]
    public void Each_instruction_takes_and_gives_what_Wasmtime_says()
    {
        using var judges = new Judgement();
        List<string> differences = [];
        foreach (var (prefix, opcode, type) in Known())
        {
            var right = Body(prefix, opcode, type, [.. type.Takes], type.Gives);
            Compare($"0x{prefix:x2} {opcode}", right, valid: true);
            for (var i = 0; i < type.Takes.Length; i++)
            {
                WasmType[] takes = [.. type.Takes];
                takes[i] = Other(takes[i]);
                Compare($"0x{prefix:x2} {opcode} with operand {i} wrong", Body(prefix, opcode, type, takes, type.Gives), valid: false);
            }

            if (type.Gives != WasmType.None)
            {
                Compare($"0x{prefix:x2} {opcode} with a wrong result", Body(prefix, opcode, type, [.. type.Takes], Other(type.Gives)), valid: false);
            }
        }

        Assert.Empty(differences);

        void Compare(string what, byte[] module, bool valid)
        {
            if (Judgement.Ours(module) is null != valid || judges.Wasmtime(module) is null != valid)
            {
                differences.Add($"{what}: ours {Judgement.Ours(module)}, Wasmtime {judges.Wasmtime(module)}");
            }
        }
    }

    [Fact]
    public void An_alignment_or_a_lane_beyond_the_last_is_refused_by_both()
    {
        using var judges = new Judgement();
        foreach (var (prefix, opcode, type) in Known().Where(k => k.Type.Alignment >= 0 || k.Type.Lanes > 0))
        {
            var (alignment, lane) = (Math.Max(0, type.Alignment), Math.Max(1, type.Lanes) - 1);
            Assert.Null(Judgement.Ours(Body(prefix, opcode, type, [.. type.Takes], type.Gives, alignment, lane)));
            var beyond = type.Alignment >= 0
                ? Body(prefix, opcode, type, [.. type.Takes], type.Gives, alignment + 1, lane)
                : Body(prefix, opcode, type, [.. type.Takes], type.Gives, alignment, lane + 1);
            Assert.NotNull(Judgement.Ours(beyond));
            Assert.NotNull(judges.Wasmtime(beyond));
        }
    }

    [Fact]
    public void What_is_no_instruction_for_Weft_is_none_for_Wasmtime()
    {
        using var judges = new Judgement();
        List<string> differences = [];
        foreach (var (prefix, opcodes) in new[] { (0, 256), (Opcode.MorePrefix, 300), (Opcode.VectorPrefix, 300) })
        {
            for (var opcode = 0; opcode < opcodes; opcode++)
            {
                // Behind unreachable every operand is there; zeros are good immediates for most instructions.
                byte[] instruction = prefix == 0 ? [(byte)opcode] : [(byte)prefix, .. ModuleBytes.Number((uint)opcode)];
                for (var zeros = 0; zeros <= 18; zeros++)
                {
                    var module = RandomBodies.ModuleOf([0, .. instruction, .. new byte[zeros], 0, 0x0B]);
                    if (Judgement.Ours(module) is null != judges.Wasmtime(module) is null)
                    {
                        differences.Add($"0x{prefix:x2} {opcode}, {zeros} zeros: ours {Judgement.Ours(module)}, Wasmtime {judges.Wasmtime(module)}");
                    }
                }
            }
        }

        Assert.Empty(differences);
    }

    private static IEnumerable<(byte Prefix, int Opcode, InstructionType Type)> Known()
    {
        var tables = new[]
        {
            ((byte)0, InstructionTypes.Plain), (Opcode.MorePrefix, InstructionTypes.More), (Opcode.VectorPrefix, VectorTypes.Table),
        };
        return from table in tables
               from entry in table.Item2.Index()
               where entry.Item is not null
               select (table.Item1, entry.Index, entry.Item!);
    }

    private static WasmType Other(WasmType type) => Values[(Array.IndexOf(Values, type) + 1) % Values.Length];

    private static byte[] Body(
        byte prefix, int opcode, InstructionType type, WasmType[] takes, WasmType gives, int alignment = 0, int lane = 0)
    {
        var operands = takes.SelectMany(t => new[] { Opcode.LocalGet, (byte)Array.IndexOf(Values, t) });
        byte[] result = gives == WasmType.None ? [] : [Opcode.LocalSet, (byte)Array.IndexOf(Values, gives)];
        return RandomBodies.ModuleOf([.. operands, .. RandomBodies.Encoded(prefix, opcode, type, alignment, lane), .. result, Opcode.End]);
    }
}
