using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

public sealed class FieldTests
{
    private const string Read = "PROGRAM(test, struct s *p) { return p->b; }";

    [Fact]
    public void A_load_gets_the_kernels_offset()
    {
        var result = Relocated.Of("struct s { int a; int b; } CORE;" + Read, "struct s { long x[3]; int b; int a; }; struct s v;");
        Assert.Equal(24, result.Number);
        Assert.Equal(4, result.Size);
    }

    [Fact]
    public void All_that_can_be_known_of_a_field_is_told_in_numbers()
    {
        const string Local = """
            struct s { int a; int b; } CORE;
            PROGRAM(offset, struct s *p) { return OFFSET(p->b); }
            PROGRAM(size, struct s *p) { return SIZE(p->b); }
            PROGRAM(exists, struct s *p) { return EXISTS(p->b); }
            PROGRAM(is_signed, struct s *p) { return SIGNED(p->b); }
            PROGRAM(left, struct s *p) { return LEFT(p->b); }
            PROGRAM(right, struct s *p) { return RIGHT(p->b); }
            """;
        long[] Of(string kernel) =>
            [.. CoReObject.Compile(Local).Programs.Select(p => Relocated.Of(CoReObject.Compile(Local), p, CoReObject.Compile(kernel).Types).Number)];
        Assert.Equal([8, 2, 1, 0, 48, 48], Of("struct s { long a; unsigned short b; }; struct s v;"));
        Assert.Equal([1, 1, 1, 1, 56, 56], Of("struct s { char a; signed char b; }; struct s v;"));
        Assert.Equal([8, 8, 1, 1, 0, 0], Of("struct s { long a; long b; }; struct s v;"));
        Assert.Equal([8, 4, 1, 0, 32, 32], Of("struct s { long a; unsigned b; }; struct s v;"));
    }

    [Fact]
    public void A_field_that_the_kernel_lacks_does_not_exist_and_its_loads_are_poisoned()
    {
        const string Kernel = "struct s { int a; }; struct s v;";
        const string Type = "struct s { int a; int b; } CORE;";
        Assert.Equal(0, Relocated.Of(Type + "PROGRAM(test, struct s *p) { return EXISTS(p->b); }", Kernel).Number);
        foreach (var what in (string[])["p->b", "OFFSET(p->b)", "SIZE(p->b)", "SIGNED(p->b)", "LEFT(p->b)", "RIGHT(p->b)"])
        {
            Assert.True(Relocated.Of(Type + $"PROGRAM(test, struct s *p) {{ return {what}; }}", Kernel).IsPoison, what);
        }
    }

    [Fact]
    public void A_field_is_found_in_anonymous_members_of_the_kernels_type_and_of_the_objects()
    {
        const string Nested = "struct s { int x; union { long y; struct { int z; union { struct { char c; int b; }; }; }; }; };";
        Assert.Equal(16, Relocated.Of("struct s { int a; int b; } CORE;" + Read, Nested + "struct s v;").Number);
        Assert.Equal(0, Relocated.Of(Nested.Replace("};", "} CORE;", StringComparison.Ordinal) + Read, "struct s { int b; }; struct s v;").Number);
    }

    [Fact]
    public void A_way_through_several_structures_is_followed_by_names()
    {
        const string Local = """
            struct in { int a; struct { int c; } b[4]; } CORE; struct s { int a; struct in i; } CORE;
            PROGRAM(test, struct s *p) { return OFFSET(p->i.b[2].c); }
            """;
        const string Kernel = "struct other { long q; struct { long d; int c; } b[3]; }; struct s { struct other i; }; struct s v;";
        Assert.Equal(8 + (2 * 16) + 8, Relocated.Of(Local, Kernel).Number);
    }

    [Fact]
    public void An_element_outside_of_the_kernels_array_is_none()
    {
        const string Local = "struct s { int a[8]; } CORE; PROGRAM(test, struct s *p) { return EXISTS(p->a[5]); }";
        Assert.Equal(1, Relocated.Of(Local, "struct s { int a[6]; }; struct s v;").Number);
        Assert.Equal(0, Relocated.Of(Local, "struct s { int a[5]; }; struct s v;").Number);
        Assert.Equal(0, Relocated.Of(Local, "struct s { int a; }; struct s v;").Number);
    }

    [Fact]
    public void A_flexible_array_has_any_element_where_it_is_the_last_member()
    {
        const string Local = "struct s { int n; int a[]; } CORE; PROGRAM(test, struct s *p) { return OFFSET(p->a[5]); }";
        Assert.Equal(28, Relocated.Of(Local, "struct s { long n; int a[]; }; struct s *f(void) { return 0; } struct s v;").Number);
        Assert.Equal(28, Relocated.Of(Local, "struct s { long n; int a[0]; }; struct s v;").Number);
        Assert.True(Relocated.Of(Local, "struct s { long n; int a[0]; int z; }; struct s v;").IsPoison);
    }

    [Fact]
    public void An_element_of_the_type_itself_is_as_far_as_the_kernels_type_is_large()
    {
        const string Local = "struct s { int a; int b; } CORE; PROGRAM(test, struct s *p) { return OFFSET(p[3].b); }";
        Assert.Equal((3 * 24) + 16, Relocated.Of(Local, "struct s { long x[2]; int b; }; struct s v;").Number);
    }

    [Fact]
    public void Fields_of_one_name_must_have_compatible_types() => CoReRows.Hold(
        [
            ("int b", "int *b", false),
            ("int b", "long b", true),
            ("int *b", "struct x *b", true),
            ("struct { int q; } b", "union { long r; } b", true),
            ("int b", "struct { int q; } b", false),
            ("int b[2]", "long b[7]", true),
            ("int b[2]", "int b[2][2]", false),
            ("enum one { A } b", "enum one___2 { B } b", true),
            ("enum one { A } b", "enum two { B } b", false),
            ("enum one { A } b", "enum { B } b", true),
            ("enum one { A } b", "enum one { B = 1ULL << 40 } b", true),
            ("enum one { A } b", "int b", false),
            ("double b", "float b", true),
            ("double b", "int b", false),
            ("const volatile u32 b", "int b", true),
        ],
        local => $"struct $ {{ {local}; }} CORE; struct $ *p = q; return EXISTS(p->b);",
        kernel => $"struct $ {{ {kernel}; }}",
        result => result.Number == 1);

    [Theory]
    [InlineData("return p->b;")]
    [InlineData("p->b = x; return 0;")]
    public void A_load_or_store_gets_the_kernels_size_where_both_are_unsigned(string access) => CoReRows.Hold(
        [
            ("u32", "u64", 8),
            ("u64", "u8", 1),
            ("u16", "u32", 4),
            ("s32", "u64", 0),
            ("u32", "s64", 0),
            ("s32", "s64", 0),
            ("s32", "s32", 4),
            ("s32", "u32", 4),
            ("u8", "_Bool", 1),
        ],
        local => $"struct $ {{ {local} b; }} CORE; struct $ *p = q; {access}",
        kernel => $"struct $ {{ {kernel} a; {kernel} b; }}",
        result =>
        {
            // The kernel's field is as far from the start as it is large; what remains of the code is as it was.
            Assert.True(result.IsPoison || result.Number == result.Size);
            Assert.True(result.IsPoison || ((result.Before[result.At].Code ^ result.Instruction.Code) & 0xE7) == 0);
            return result.IsPoison ? 0 : result.Size;
        });

    [Fact]
    public void An_offset_that_is_only_added_may_be_of_any_size()
    {
        const string Local = "struct s { int a; int b; } CORE; PROGRAM(test, struct s *p) { return OFFSET(p->b); }";
        Assert.Equal(8, Relocated.Of(Local, "struct s { long a; long b; }; struct s v;").Number);
    }

    [Fact]
    public void A_field_that_became_a_bit_field_or_was_one_is_not_loaded_as_the_other()
    {
        Assert.True(Relocated.Of("struct s { u32 b; } CORE;" + Read, "struct s { u32 b : 3; }; struct s v;").IsPoison);
    }

    [Fact]
    public void An_offset_that_no_load_can_hold_is_an_error()
    {
        var error = Assert.Throws<CoReException>(() => Relocated.Of(
            "struct s { int a; int b; } CORE;" + Read, "struct s { char a[32768]; int b; }; struct s v;"));
        Assert.Equal(
            "program test, instruction 0, the offset of s.b: offset 32768 does not fit a load or store, which take at most 32767",
            error.Message);
    }

    [Fact]
    public void A_pointer_of_a_kernel_with_32_bits_is_loaded_as_such()
    {
        var local = CoReObject.Compile("struct s { void *a; void *b; } CORE; PROGRAM(test, struct s *p) { return (u64)p->b; }");
        var types = new BtfBytes();
        var word = types.Int("long unsigned int", 4);
        var pointer = types.Pointer(word);
        types.Struct("s", 8, ("a", pointer, 0), ("b", pointer, 32));
        var result = Relocated.Of(local, "test", types.Parse());
        Assert.Equal(4, result.Number);
        Assert.Equal(4, result.Size);
    }
}
