namespace Weft.Wasm.Modules.Validation;

// The vector instructions behind 0xFD (WebAssembly 2.0, section 5.4.8), except v128.const and i8x16.shuffle.
internal static class VectorTypes
{
    public static readonly InstructionType?[] Table = Make();

    private static InstructionType?[] Make()
    {
        var table = InstructionTypes.Table(256, Runs, Accesses);
        foreach (var (code, letters, lanes) in LaneAccesses)
        {
            table[code] = InstructionType.Of(letters) with { Lanes = lanes };
        }

        foreach (var (load, alignment) in new[] { (84, 0), (85, 1), (86, 2), (87, 3) })
        {
            table[load] = InstructionType.Of("iv:v") with { Alignment = alignment, Lanes = 16 >> alignment };
            table[load + 4] = InstructionType.Of("iv:") with { Alignment = alignment, Lanes = 16 >> alignment };
        }

        return table;
    }

    private static (int First, int Last, string Letters)[] Runs =>
    [
        (14, 14, "vv:v"), (15, 17, "i:v"), (18, 18, "I:v"), (19, 19, "f:v"), (20, 20, "F:v"), (35, 76, "vv:v"),
        (77, 77, "v:v"), (78, 81, "vv:v"), (82, 82, "vvv:v"), (83, 83, "v:i"), (94, 98, "v:v"), (99, 100, "v:i"),
        (101, 102, "vv:v"), (103, 106, "v:v"), (107, 109, "vi:v"), (110, 115, "vv:v"), (116, 117, "v:v"),
        (118, 121, "vv:v"), (122, 122, "v:v"), (123, 123, "vv:v"), (124, 129, "v:v"), (130, 130, "vv:v"),
        (131, 132, "v:i"), (133, 134, "vv:v"), (135, 138, "v:v"), (139, 141, "vi:v"), (142, 147, "vv:v"),
        (148, 148, "v:v"), (149, 153, "vv:v"), (155, 159, "vv:v"), (160, 161, "v:v"), (163, 164, "v:i"),
        (167, 170, "v:v"), (171, 173, "vi:v"), (174, 174, "vv:v"), (177, 177, "vv:v"), (181, 186, "vv:v"),
        (188, 191, "vv:v"), (192, 193, "v:v"), (195, 196, "v:i"), (199, 202, "v:v"), (203, 205, "vi:v"),
        (206, 206, "vv:v"), (209, 209, "vv:v"), (213, 223, "vv:v"), (224, 225, "v:v"), (227, 227, "v:v"),
        (228, 235, "vv:v"), (236, 237, "v:v"), (239, 239, "v:v"), (240, 247, "vv:v"), (248, 255, "v:v"),
    ];

    private static (int Code, string Letters, int Alignment)[] Accesses =>
    [
        (0, "i:v", 4), (1, "i:v", 3), (2, "i:v", 3), (3, "i:v", 3), (4, "i:v", 3), (5, "i:v", 3), (6, "i:v", 3),
        (7, "i:v", 0), (8, "i:v", 1), (9, "i:v", 2), (10, "i:v", 3), (11, "iv:", 4), (92, "i:v", 2), (93, "i:v", 3),
    ];

    private static (int Code, string Letters, int Lanes)[] LaneAccesses =>
    [
        (21, "v:i", 16), (22, "v:i", 16), (23, "vi:v", 16), (24, "v:i", 8), (25, "v:i", 8), (26, "vi:v", 8),
        (27, "v:i", 4), (28, "vi:v", 4), (29, "v:I", 2), (30, "vI:v", 2), (31, "v:f", 4), (32, "vf:v", 4),
        (33, "v:F", 2), (34, "vF:v", 2),
    ];
}
