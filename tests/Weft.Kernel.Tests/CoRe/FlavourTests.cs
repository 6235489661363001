using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

public sealed class FlavourTests
{
    private const string Read = "PROGRAM(test, struct s___mine *p) { return p->b; }";
    private const string Mine = "struct s___mine { int b; } CORE;" + Read;

    [Fact]
    public void A_flavour_of_the_object_stands_for_the_kernels_type() =>
        Assert.Equal(8, Relocated.Of(Mine, "struct s { long a; int b; }; struct s v;").Number);

    [Fact]
    public void Flavours_of_the_kernel_are_tried_too() =>
        Assert.Equal(8, Relocated.Of(Mine, "struct s { int a; } v; struct s___2 { long a; int b; } w;").Number);

    [Fact]
    public void Types_of_one_name_that_agree_are_one() =>
        Assert.Equal(8, Relocated.Of(Mine, "struct s { long a; int b; } v; struct s___2 { char a[8]; int b; int c; } w;").Number);

    [Fact]
    public void Types_of_one_name_that_disagree_are_ambiguous()
    {
        var error = Assert.Throws<CoReException>(
            () => Relocated.Of(Mine, "struct s { long a; int b; } v; struct s___2 { int b; } w;"));
        Assert.Equal(
            "program test, instruction 0, the offset of s___mine.b: it is ambiguous, for the kernel has several types of this name: 8 at bit 64 or 0",
            error.Message);
    }

    [Fact]
    public void A_size_that_types_disagree_on_matters_to_loads_alone()
    {
        const string Kernel = "struct s { u32 b; } v; struct s___2 { u64 b; } w;";
        var error = Assert.Throws<CoReException>(() => Relocated.Of("struct s { u32 b; } CORE; PROGRAM(test, struct s *p) { return p->b; }", Kernel));
        Assert.Contains("different sizes", error.Message);
        Assert.Equal(0, Relocated.Of("struct s { u32 b; } CORE; PROGRAM(test, struct s *p) { return OFFSET(p->b); }", Kernel).Number);
    }

    [Fact]
    public void What_did_not_match_once_is_no_candidate_later()
    {
        // "a" would be ambiguous, had "b" not told which type is meant.
        var local = CoReObject.Compile("""
            struct s { int a; int b; } CORE;
            PROGRAM(first, struct s *p) { return p->b; }
            PROGRAM(second, struct s *p) { return p->a; }
            """);
        var kernel = CoReObject.Compile("struct s { long x; int a; int b; } v; struct s___2 { int a; } w;").Types;
        var relocator = new CoReRelocator(local.Types, [kernel]);
        Assert.Equal(12, Relocated.Of(local, "first", relocator).Number);
        Assert.Equal(8, Relocated.Of(local, "second", relocator).Number);
        Assert.Throws<CoReException>(() => Relocated.Of(local, "second", kernel));
    }

    [Fact]
    public void A_field_that_no_type_has_drops_none_of_them()
    {
        var local = CoReObject.Compile("""
            struct s { int a; int b; } CORE;
            PROGRAM(first, struct s *p) { return EXISTS(p->b); }
            PROGRAM(second, struct s *p) { return p->a; }
            """);
        var relocator = new CoReRelocator(local.Types, [CoReObject.Compile("struct s { long x; int a; } v;").Types]);
        Assert.Equal(0, Relocated.Of(local, "first", relocator).Number);
        Assert.Equal(8, Relocated.Of(local, "second", relocator).Number);
    }

    [Fact]
    public void A_type_of_another_kind_is_no_candidate() =>
        Assert.True(Relocated.Of(Mine, "union s { long a; int b; }; union s v; typedef struct { int b; } s___3; s___3 w;").IsPoison);

    [Fact]
    public void Modules_are_asked_for_types_that_the_kernel_lacks_and_only_then()
    {
        var kernel = CoReObject.Compile("struct here { int a; } v;").Types;
        var module = CoReObject.Compile("struct there { long q; int a; } v; struct here { long q; int a; } w;").Types;
        var asked = 0;
        IReadOnlyList<BtfSpec> Modules() => [module, .. Enumerable.Repeat(kernel, asked++)];
        var local = CoReObject.Compile("""
            struct here { int a; } CORE; struct there { int a; } CORE;
            PROGRAM(one, struct here *p) { return p->a; }
            PROGRAM(two, struct there *p) { return p->a; }
            PROGRAM(three, struct there *p) { return EXISTS(p->a); }
            """);
        var relocator = new CoReRelocator(local.Types, [kernel], Modules);
        Assert.Equal(0, Relocated.Of(local, "one", relocator).Number);
        Assert.Equal(0, asked);
        Assert.Equal(8, Relocated.Of(local, "two", relocator).Number);
        Assert.Equal(1, Relocated.Of(local, "three", relocator).Number);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Types_of_a_module_do_not_bring_back_those_that_it_stands_on()
    {
        var kernel = CoReObject.Compile("struct s { int b; } v;").Types;
        var module = new BtfBytes(kernel);
        module.Struct("s", 12, ("q", 0, 0), ("b", kernel.Find("int", BtfKind.Int).Single(), 64));
        var local = CoReObject.Compile("struct s { int b; } CORE; PROGRAM(test, struct s *p) { return p->b; } PROGRAM(id, void) { return KERNEL_ID(struct s); }");
        var empty = CoReObject.Compile("int v;").Types;
        var relocator = new CoReRelocator(local.Types, [empty], () => [module.Parse()]);
        Assert.Equal(8, Relocated.Of(local, "test", relocator).Number);
        Assert.Equal(kernel.EndId, Relocated.Of(local, "id", relocator).Number);
    }
}
