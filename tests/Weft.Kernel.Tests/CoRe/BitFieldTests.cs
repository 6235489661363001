using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

public sealed class BitFieldTests
{
    private const string Local = """
        struct s { u32 x : 3; u32 b : 9; } CORE;
        PROGRAM(offset, struct s *p) { return OFFSET(p->b); }
        PROGRAM(size, struct s *p) { return SIZE(p->b); }
        PROGRAM(is_signed, struct s *p) { return SIGNED(p->b); }
        PROGRAM(left, struct s *p) { return LEFT(p->b); }
        PROGRAM(right, struct s *p) { return RIGHT(p->b); }
        PROGRAM(exists, struct s *p) { return EXISTS(p->b); }
        """;

    // Where it is loaded from, how much of it, its sign, its shifts on either kind of machine.
    private static readonly (string Kernel, long Offset, long Size, long Signed, long Left, long LeftOfBigEndian, long Right)[] Places =
    [
        ("u32 q[2]; u32 x : 3; u32 b : 9;", 8, 4, 0, 52, 35, 55),
        ("u32 x : 20; s32 b : 5;", 0, 4, 1, 39, 52, 59),
        ("char c[5]; u8 x : 1; u8 b : 7;", 5, 1, 0, 56, 57, 57),
        ("u64 x : 30; u64 b : 33;", 0, 8, 0, 1, 30, 31),
        ("u16 q; u16 x : 3; u16 b : 13;", 2, 2, 0, 48, 51, 51),
        ("u32 q; u32 b;", 4, 4, 0, 32, 32, 32),
        ("_Bool x : 1; _Bool b : 1;", 0, 1, 0, 62, 57, 63),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bit_field_is_loaded_by_the_integer_that_has_it(bool isBigEndian)
    {
        void Hold(string what, IEnumerable<long> expected) => CoReRows.Hold(
            [.. Places.Zip(expected, (place, number) => ("u32 x : 3; u32 b : 9;", place.Kernel, number))],
            local => $"struct $ {{ {local} }} CORE; struct $ *p = q; return {what}(p->b);",
            kernel => $"struct $ {{ {kernel} }}",
            result => result.Number,
            isBigEndian);
        Hold("OFFSET", Places.Select(p => p.Offset));
        Hold("SIZE", Places.Select(p => p.Size));
        Hold("SIGNED", Places.Select(p => p.Signed));
        Hold("LEFT", Places.Select(p => isBigEndian ? p.LeftOfBigEndian : p.Left));
        Hold("RIGHT", Places.Select(p => p.Right));
        Hold("EXISTS", Places.Select(_ => 1L));
    }

    [Fact]
    public void A_bit_field_of_an_enumeration_has_the_sign_of_its_values() => CoReRows.Hold(
        [("A = -1, B = 1", "A = -1, B = 1", 1L), ("A = -1, B = 1", "A = 3", 0L), ("A = 1", "A = -1", 1L)],
        local => $"struct $ {{ enum {{ {local} }} b : 2; }} CORE; struct $ *p = q; return SIGNED(p->b);",
        kernel => $"struct $ {{ enum {{ {kernel} }} b : 2; }}",
        result => result.Number);

    [Fact]
    public void A_bit_field_across_the_border_of_its_integers_is_loaded_by_a_larger_one()
    {
        // 30 bits from bit 20 on, as only packed structures have them.
        const string Kernel = "struct s { u32 x : 20; u32 b : 30; } __attribute__((packed)); struct s v;";
        string[] programs = ["offset", "size", "left", "right"];
        var local = CoReObject.Compile(Local);
        Assert.Equal([0, 8, 14, 34], programs.Select(p => Relocated.Of(local, p, CoReObject.Compile(Kernel).Types).Number));
    }

    [Fact]
    public void A_bit_field_that_8_bytes_cannot_hold_is_an_error()
    {
        var types = new BtfBytes();
        types.BitFields("s", 16, ("b", types.Int("u64", 8), 60, 9));
        var local = CoReObject.Compile(Local);
        Assert.Contains("takes more than 8 bytes", Assert.Throws<CoReException>(() => Relocated.Of(local, "size", types.Parse())).Message);
        Assert.Equal(1, Relocated.Of(local, "exists", types.Parse()).Number);
    }

    [Fact]
    public void A_bit_field_of_what_is_no_integer_is_an_error()
    {
        var types = new BtfBytes();
        var number = types.Int("u32", 4);
        types.BitFields("s", 16, ("b", types.Int("u0", 0), 3, 9));
        Assert.Throws<CoReException>(() => Relocated.Of(CoReObject.Compile(Local), "size", types.Parse()));
        Assert.NotEqual(0u, number);
    }
}
