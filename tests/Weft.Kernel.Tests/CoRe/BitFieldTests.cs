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

    [Theory]
    [InlineData("u32 q[2]; u32 x : 3; u32 b : 9;", "8 4 0 52 55 1")]
    [InlineData("u32 x : 20; s32 b : 5;", "0 4 1 39 59 1")]
    [InlineData("char c[5]; u8 x : 1; u8 b : 7;", "5 1 0 56 57 1")]
    [InlineData("u64 x : 30; u64 b : 33;", "0 8 0 1 31 1")]
    [InlineData("u16 q; u16 x : 3; u16 b : 13;", "2 2 0 48 51 1")]
    [InlineData("u32 q; u32 b;", "4 4 0 32 32 1")]
    [InlineData("enum { A = -1, B = 1 } b : 2;", "0 4 1 62 62 1")]
    [InlineData("_Bool x : 1; _Bool b : 1;", "0 1 0 62 63 1")]
    public void A_bit_field_is_loaded_by_the_integer_that_has_it(string kernel, string expected) =>
        Assert.Equal(expected, Of(kernel, false));

    [Theory]
    [InlineData("u32 q[2]; u32 x : 3; u32 b : 9;", "8 4 0 35 55 1")]
    [InlineData("u32 x : 20; s32 b : 5;", "0 4 1 52 59 1")]
    [InlineData("char c[5]; u8 x : 1; u8 b : 7;", "5 1 0 57 57 1")]
    [InlineData("u64 x : 30; u64 b : 33;", "0 8 0 30 31 1")]
    [InlineData("u32 q; u32 b;", "4 4 0 32 32 1")]
    public void With_the_most_significant_byte_first_bits_are_counted_from_the_other_end(string kernel, string expected) =>
        Assert.Equal(expected, Of(kernel, true));

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

    // The numbers of all programs, in their order.
    private static string Of(string kernel, bool isBigEndian)
    {
        var local = CoReObject.Compile(Local, isBigEndian);
        var types = CoReObject.Compile($"struct s {{ {kernel} }}; struct s v;", isBigEndian).Types;
        return string.Join(' ', local.Programs.Select(p => Relocated.Of(local, p, types).Number));
    }
}
