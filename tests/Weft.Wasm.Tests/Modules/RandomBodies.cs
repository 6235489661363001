using Weft.Wasm.Modules;
using Weft.Wasm.Modules.Validation;

namespace Weft.Wasm.Tests.Modules;

/// <summary>
/// Modules whose one function is made of random instructions that mostly find what they take: about half of them are
/// valid, and the others are wrong in one place that only types show.
/// </summary>
internal sealed class RandomBodies(Random random)
{
    private static readonly WasmType[] Types =
        [WasmType.I32, WasmType.I64, WasmType.F32, WasmType.F64, WasmType.V128, WasmType.FuncRef, WasmType.ExternRef];

    private readonly List<byte> _code = [];

    /// <summary>The types of the skeleton: () -> (), (i32) -> (i32), (i32) -> (i32, i64), (i32, i64) -> (i32, i64), and more.</summary>
    public static byte[] ModuleOf(IEnumerable<byte> body)
    {
        // The locals have the seven types in their order.
        byte[] code = [7, 1, 0x7F, 1, 0x7E, 1, 0x7D, 1, 0x7C, 1, 0x7B, 1, 0x70, 1, 0x6F, .. body];
        return ModuleBytes.Of(
            ModuleBytes.Section(1, 5, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 1, 0x7F, 2, 0x7F, 0x7E,
                0x60, 2, 0x7F, 0x7E, 2, 0x7F, 0x7E, 0x60, 0, 1, 0x6F),
            ModuleBytes.Section(2, [1, .. ModuleBytes.Text("m"), .. ModuleBytes.Text("f"), 0, 2]),
            ModuleBytes.Section(3, 1, 0),
            ModuleBytes.Section(4, 2, 0x70, 0, 3, 0x6F, 0, 3),
            ModuleBytes.Section(5, 1, 0, 1),
            ModuleBytes.Section(6, 3, 0x7F, 1, 0x41, 0, 0x0B, 0x7E, 0, 0x42, 0, 0x0B, 0x70, 1, 0xD2, 0, 0x0B),
            ModuleBytes.Section(9, 2, 1, 0, 1, 0, 5, 0x6F, 1, 0xD0, 0x6F, 0x0B),
            ModuleBytes.Section(12, 1),
            ModuleBytes.Section(10, [1, .. ModuleBytes.Number((uint)code.Length), .. code]),
            ModuleBytes.Section(11, 1, 1, 1, 65));
    }

    public byte[] Next()
    {
        _code.Clear();
        Sequence(3);
        _code.Add(Opcode.End);
        return ModuleOf(_code);
    }

    private void Sequence(int depth)
    {
        for (var steps = random.Next(1, 4); steps > 0; steps--)
        {
            switch (random.Next(12))
            {
                case 0 when depth > 0:
                case 1 when depth > 0:
                    Block(depth);
                    break;
                case 2:
                    Branch();
                    break;
                case 3:
                    Variable();
                    break;
                case 4:
                    Bulk();
                    break;
                case 5:
                    Select();
                    break;
                case 6:
                    Call();
                    break;
                default:
                    Plain();
                    break;
            }
        }
    }

    private void Block(int depth)
    {
        var opcode = (byte)random.Next(Opcode.Block, Opcode.If + 1);
        var takes = random.Next(4) == 0;
        Push(takes ? [WasmType.I32, .. random.Next(2) == 0 ? [WasmType.I64] : Array.Empty<WasmType>()] : []);
        if (opcode == Opcode.If)
        {
            Push(WasmType.I32);
        }

        _code.Add(opcode);
        var type = takes ? (byte)random.Next(0, 5) : random.Next(2) == 0 ? (byte)0x40 : (byte)Types[random.Next(7)];
        _code.Add(type);
        Sequence(depth - 1);
        if (WasmTypes.IsType(type))
        {
            Push((WasmType)type);
        }

        if (opcode == Opcode.If && random.Next(2) == 0)
        {
            _code.Add(Opcode.Else);
            Sequence(depth - 1);
            if (WasmTypes.IsType(type))
            {
                Push((WasmType)type);
            }
        }

        _code.Add(Opcode.End);
        if (WasmTypes.IsType(type))
        {
            _code.Add(Opcode.Drop);
        }
    }

    private void Branch()
    {
        switch (random.Next(5))
        {
            case 0:
                _code.Add(Opcode.Unreachable);
                break;
            case 1:
                _code.Add(Opcode.Return);
                break;
            case 2:
                _code.AddRange([Opcode.Br, (byte)random.Next(4)]);
                break;
            case 3:
                Push(WasmType.I32);
                _code.AddRange([Opcode.BrIf, (byte)random.Next(4)]);
                break;
            default:
                Push(Types[random.Next(7)], WasmType.I32);
                _code.AddRange([Opcode.BrTable, 2, (byte)random.Next(4), (byte)random.Next(4), (byte)random.Next(4)]);
                break;
        }
    }

    private void Variable()
    {
        var local = (byte)random.Next(random.Next(30) == 0 ? 9 : 7);
        Push(Types[random.Next(30) == 0 ? random.Next(7) : Math.Min(local, (byte)6)]);
        if (random.Next(2) == 0)
        {
            _code.AddRange([Opcode.LocalTee, local, Opcode.LocalSet, local]);
            return;
        }

        _code.AddRange([Opcode.LocalSet, local, Opcode.GlobalGet, (byte)random.Next(3), Opcode.GlobalSet, (byte)random.Next(3)]);
    }

    private void Bulk()
    {
        var opcode = (byte)random.Next(8, 18);
        WasmType[] takes = opcode switch
        {
            9 or 13 or 16 => [],
            15 => [Types[random.Next(5, 7)], WasmType.I32],
            17 => [WasmType.I32, Types[random.Next(5, 7)], WasmType.I32],
            _ => [WasmType.I32, WasmType.I32, WasmType.I32],
        };
        Push(takes);
        _code.AddRange([Opcode.MorePrefix, opcode, (byte)(random.Next(20) == 0 ? 1 : opcode is 15 or 17 ? random.Next(2) : 0)]);
        if (opcode is 8 or 10 or 12 or 14)
        {
            _code.Add((byte)(random.Next(10) == 0 ? 1 : 0));
        }

        if (opcode is 15 or 16)
        {
            _code.Add(Opcode.Drop);
        }
    }

    private void Select()
    {
        var type = Types[random.Next(7)];
        Push(type, random.Next(10) == 0 ? Types[random.Next(7)] : type, WasmType.I32);
        if (random.Next(2) == 0)
        {
            _code.AddRange([Opcode.SelectTyped, 1, (byte)type]);
        }
        else
        {
            _code.Add(Opcode.Select);
        }

        _code.Add(Opcode.Drop);
    }

    private void Call()
    {
        Push(WasmType.I32);
        if (random.Next(2) == 0)
        {
            _code.AddRange([Opcode.Call, (byte)random.Next(2)]);
        }
        else
        {
            Push(WasmType.I32);
            _code.AddRange([Opcode.CallIndirect, (byte)random.Next(3), (byte)(random.Next(10) == 0 ? 1 : 0)]);
        }

        _code.AddRange(Enumerable.Repeat(Opcode.Drop, random.Next(1, 3)));
    }

    private void Plain()
    {
        var (prefix, opcode, type) = random.Next(4) == 0
            ? (Opcode.VectorPrefix, random.Next(256), VectorTypes.Table)
            : ((byte)0, random.Next(Opcode.FirstLoad, 0xC5), InstructionTypes.Plain);
        if (type[opcode] is { } known)
        {
            Push([.. known.Takes]);
            _code.AddRange(Encoded(prefix, opcode, known, random.Next(known.Alignment + 1), random.Next(Math.Max(1, known.Lanes))));
            if (known.Gives != WasmType.None)
            {
                _code.AddRange([Opcode.LocalSet, (byte)Array.IndexOf(Types, known.Gives)]);
            }
        }
    }

    /// <summary>An instruction with its alignment and offset, and its lane, where it has them.</summary>
    public static byte[] Encoded(byte prefix, int opcode, InstructionType type, int alignment, int lane) =>
    [
        .. prefix == 0 ? [(byte)opcode] : (byte[])[prefix, .. ModuleBytes.Number((uint)opcode)],
        .. type.Alignment >= 0 ? (byte[])[(byte)alignment, 7] : [],
        .. type.Lanes > 0 ? (byte[])[(byte)lane] : [],
    ];

    // Rarely something else than what is wanted.
    private void Push(params WasmType[] types)
    {
        foreach (var type in types)
        {
            var index = Array.IndexOf(Types, random.Next(60) == 0 ? Types[random.Next(7)] : type);
            _code.AddRange([Opcode.LocalGet, (byte)index]);
        }
    }
}
