using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

public sealed class TypeTests
{
    private const string Local = """
        struct s { int a; };
        PROGRAM(exists, void) { return TYPE_EXISTS(struct s); }
        PROGRAM(size, void) { return TYPE_SIZE(struct s); }
        PROGRAM(kernel_id, void) { return KERNEL_ID(struct s); }
        PROGRAM(local_id, void) { return LOCAL_ID(struct s); }
        PROGRAM(matches, void) { return TYPE_MATCHES(struct s); }
        """;

    [Fact]
    public void A_type_has_a_size_and_an_id_in_the_kernel()
    {
        var local = CoReObject.Compile(Local);
        var kernel = CoReObject.Compile("long q; struct s { int a; long b[4]; } v;").Types;
        long Of(string program) => Relocated.Of(local, program, kernel).Number;
        Assert.Equal(1, Of("exists"));
        Assert.Equal(40, Of("size"));
        Assert.Equal(kernel.Find("s", BtfKind.Struct).Single(), Of("kernel_id"));
        Assert.Equal(local.Types.Find("s", BtfKind.Struct).Single(), Of("local_id"));
        Assert.Equal(1, Of("matches"));
    }

    [Fact]
    public void A_type_that_the_kernel_lacks_is_0_in_all_ways_but_its_local_id()
    {
        var local = CoReObject.Compile(Local);
        var kernel = CoReObject.Compile("int v;").Types;
        foreach (var program in (string[])["exists", "size", "kernel_id", "matches"])
        {
            Assert.Equal(0, Relocated.Of(local, program, kernel).Number);
        }

        Assert.NotEqual(0, Relocated.Of(local, "local_id", kernel).Number);
    }

    [Fact]
    public void Types_of_one_name_exist_where_they_are_compatible() => CoReRows.Hold(
        [
            ("typedef int $;", "typedef unsigned long $;", true),
            ("typedef int $;", "typedef struct { int a; } $;", false),
            ("typedef int $;", "struct $ { int a; };", false),
            ("typedef int *$;", "typedef struct x *$;", false),
            ("typedef int *$;", "typedef const long *$;", true),
            ("typedef int $[3];", "typedef long $[5];", true),
            ("typedef int $[3];", "typedef int *$;", false),
            ("typedef int (*$)(long, struct x *);", "typedef long (*$)(int, struct x *);", true),
            ("typedef int (*$)(long, struct x *);", "typedef long (*$)(int);", false),
            ("typedef int (*$)(long, struct x *);", "typedef long (*$)(int, int);", false),
            ("typedef int (*$)(long);", "typedef void (*$)(long);", false),
            ("typedef void *$;", "typedef void *$;", true),
            ("typedef void *$;", "typedef int *$;", false),
            ("typedef enum { A } $;", "typedef enum { B = 1ULL << 40 } $;", true),
            ("typedef union { int a; } $;", "typedef union { long b; } $;", true),
            ("typedef union { int a; } $;", "typedef struct { long b; } $;", false),
        ],
        local => $"{local} return TYPE_EXISTS($);",
        kernel => kernel.TrimEnd(';'),
        result => result.Number == 1);

    [Fact]
    public void Types_match_where_the_kernels_has_all_of_the_objects() => CoReRows.Hold(
        [
            ("int a;", "int a; long more;", true),
            ("int a; int b;", "int b; int a;", true),
            ("int a; int b;", "int a;", false),
            ("int a;", "int b;", false),
            ("int a;", "unsigned a;", false),
            ("int a;", "short a;", false),
            ("const int a;", "volatile int a;", true),
            ("s32 a;", "int a;", true),
            ("int a[2];", "int a[2];", true),
            ("int a[2];", "int a[3];", false),
            ("int *a;", "int *a;", true),
            ("int *a;", "long *a;", false),
            ("int *a;", "int a;", false),
            ("int *a;", "int **a;", false),
            ("struct in$ { int x; } a;", "struct in$ { int x; int y; } a;", true),
            ("struct in$ { int x; } a;", "struct in$ { long x; } a;", false),
            ("struct in$ { int x; } a;", "struct other { int x; } a;", false),
            ("struct in$ { int x; } a;", "struct in$___2 { int x; } a;", true),
            ("struct in$ { int x; } a;", "union in$ { int x; } a;", false),
            ("struct in$ { int x; } *a;", "struct in$ { long y; } *a;", true),
            ("struct in$ { int x; } *a;", "struct in$ *a;", true),
            ("struct in$ *a;", "struct in$ { int x; } *a;", true),
            ("struct in$ *a;", "struct in$ *a;", true),
            ("struct in$ *a;", "union in$ *a;", false),
            ("union in$ *a;", "union in$ { int x; } *a;", true),
            ("union in$ { int y; } *a;", "union in$ *a;", true),
            ("union in$ { int y; } *a;", "struct in$ *a;", false),
            ("union in$ { int y; } *a;", "struct in$ { int y; } *a;", false),
            ("struct in$ { int x; } *a;", "struct other { int x; } *a;", false),
            ("struct { int x; };", "struct { int x; };", true),
            ("struct { int x; };", "struct { int y; };", false),
            ("enum e { A, B } a;", "enum e { B = 7, A = 9, C } a;", true),
            ("enum e { A, B } a;", "enum e { A, C } a;", false),
            ("enum e { A, B } a;", "enum e { A } a;", false),
            ("enum e { A } a;", "enum e { A, Z = 1ULL << 40 } a;", false),
            ("enum e { A = 1ULL << 40 } a;", "enum e { A = 1ULL << 41 } a;", true),
            ("int (*a)(int, long);", "int (*a)(int, long);", true),
            ("int (*a)(int, long);", "int (*a)(int);", false),
            ("int (*a)(int, long);", "int (*a)(int, int);", false),
            ("int (*a)(int);", "void (*a)(int);", false),
            ("void (*a)(struct in$ *);", "void (*a)(struct in$ *);", true),
        ],
        local => $"struct $ {{ {local} }}; return TYPE_MATCHES(struct $);",
        kernel => $"struct $ {{ {kernel} }}",
        result => result.Number == 1);

    [Fact]
    public void A_type_without_a_name_cannot_be_found()
    {
        var local = new BtfBytes();
        var number = local.Int("int", 4);
        var type = local.Struct("", 4, ("a", number, 0));
        var error = Assert.Throws<CoReException>(() => HandMade.Relocate(local.Parse(), new(0, type, "0:0", CoReKind.FieldExists)));
        Assert.Contains("without a name", error.Message);
    }

    [Fact]
    public void A_kernel_without_types_is_an_error_but_for_local_ids()
    {
        var local = CoReObject.Compile(Local);
        var relocator = new CoReRelocator(local.Types, []);
        Assert.NotEqual(0, Relocated.Of(local, "local_id", relocator).Number);
        Assert.Contains("has no BTF", Assert.Throws<CoReException>(() => Relocated.Of(local, "exists", relocator)).Message);
    }
}
