using System.Collections.Immutable;

namespace Weft.Wasm.Modules.Validation;

// What an instruction takes and gives, the last operand on top, and the alignment it may claim (a power of two).
internal sealed record InstructionType(ImmutableArray<WasmType> Takes, WasmType Gives)
{
    // -1 where the instruction does not access memory.
    public int Alignment { get; init; } = -1;

    // How many lanes there are to choose from; 0 where the instruction names none.
    public int Lanes { get; init; }

    // In letters: i i32, I i64, f f32, F f64, v v128; before the colon what it takes.
    public static InstructionType Of(string letters)
    {
        var colon = letters.IndexOf(':', StringComparison.Ordinal);
        return new([.. letters[..colon].Select(Type)], colon + 1 < letters.Length ? Type(letters[colon + 1]) : WasmType.None);
    }

    private static WasmType Type(char letter) => letter switch
    {
        'i' => WasmType.I32,
        'I' => WasmType.I64,
        'f' => WasmType.F32,
        'F' => WasmType.F64,
        _ => WasmType.V128,
    };
}

// The instructions whose types are the same wherever they stand (WebAssembly 2.0, section 5.4.7): all but those that
// move control, name a variable, or take whatever there is.
internal static class InstructionTypes
{
    // By the byte of the instruction; null for those with a rule of their own and those that do not exist.
    public static readonly InstructionType?[] Plain = Table(
        256,
        [
            (0x45, 0x45, "i:i"), (0x46, 0x4F, "ii:i"), (0x50, 0x50, "I:i"), (0x51, 0x5A, "II:i"),
            (0x5B, 0x60, "ff:i"), (0x61, 0x66, "FF:i"), (0x67, 0x69, "i:i"), (0x6A, 0x78, "ii:i"),
            (0x79, 0x7B, "I:I"), (0x7C, 0x8A, "II:I"), (0x8B, 0x91, "f:f"), (0x92, 0x98, "ff:f"),
            (0x99, 0x9F, "F:F"), (0xA0, 0xA6, "FF:F"), (0xA7, 0xA7, "I:i"), (0xA8, 0xA9, "f:i"),
            (0xAA, 0xAB, "F:i"), (0xAC, 0xAD, "i:I"), (0xAE, 0xAF, "f:I"), (0xB0, 0xB1, "F:I"),
            (0xB2, 0xB3, "i:f"), (0xB4, 0xB5, "I:f"), (0xB6, 0xB6, "F:f"), (0xB7, 0xB8, "i:F"),
            (0xB9, 0xBA, "I:F"), (0xBB, 0xBB, "f:F"), (0xBC, 0xBC, "f:i"), (0xBD, 0xBD, "F:I"),
            (0xBE, 0xBE, "i:f"), (0xBF, 0xBF, "I:F"), (0xC0, 0xC1, "i:i"), (0xC2, 0xC4, "I:I"),
        ],
        [
            (0x28, "i:i", 2), (0x29, "i:I", 3), (0x2A, "i:f", 2), (0x2B, "i:F", 3), (0x2C, "i:i", 0), (0x2D, "i:i", 0),
            (0x2E, "i:i", 1), (0x2F, "i:i", 1), (0x30, "i:I", 0), (0x31, "i:I", 0), (0x32, "i:I", 1), (0x33, "i:I", 1),
            (0x34, "i:I", 2), (0x35, "i:I", 2), (0x36, "ii:", 2), (0x37, "iI:", 3), (0x38, "if:", 2), (0x39, "iF:", 3),
            (0x3A, "ii:", 0), (0x3B, "ii:", 1), (0x3C, "iI:", 0), (0x3D, "iI:", 1), (0x3E, "iI:", 2),
        ]);

    // Behind 0xFC: floating-point numbers to integers that do not trap.
    public static readonly InstructionType?[] More =
        Table(8, [(0, 1, "f:i"), (2, 3, "F:i"), (4, 5, "f:I"), (6, 7, "F:I")], []);

    internal static InstructionType?[] Table(
        int size, (int First, int Last, string Letters)[] runs, (int Code, string Letters, int Alignment)[] accesses)
    {
        var table = new InstructionType?[size];
        foreach (var (first, last, letters) in runs)
        {
            Array.Fill(table, InstructionType.Of(letters), first, last - first + 1);
        }

        foreach (var (code, letters, alignment) in accesses)
        {
            table[code] = InstructionType.Of(letters) with { Alignment = alignment };
        }

        return table;
    }
}
