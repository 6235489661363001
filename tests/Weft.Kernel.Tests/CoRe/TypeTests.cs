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

    [Theory]
    [InlineData("typedef int t;", "typedef unsigned long t;", true)]
    [InlineData("typedef int t;", "typedef struct { int a; } t;", false)]
    [InlineData("typedef int t;", "struct t { int a; }; struct t", false)]
    [InlineData("typedef int *t;", "typedef struct x *t;", false)]
    [InlineData("typedef int *t;", "typedef const long *t;", true)]
    [InlineData("typedef int t[3];", "typedef long t[5];", true)]
    [InlineData("typedef int t[3];", "typedef int *t;", false)]
    [InlineData("typedef int (*t)(long, struct x *);", "typedef long (*t)(int, struct x *);", true)]
    [InlineData("typedef int (*t)(long, struct x *);", "typedef long (*t)(int);", false)]
    [InlineData("typedef int (*t)(long, struct x *);", "typedef long (*t)(int, int);", false)]
    [InlineData("typedef int (*t)(long);", "typedef void (*t)(long);", false)]
    [InlineData("typedef void *t;", "typedef void *t;", true)]
    [InlineData("typedef void *t;", "typedef int *t;", false)]
    [InlineData("typedef enum { A } t;", "typedef enum { B = 1ULL << 40 } t;", true)]
    [InlineData("typedef union { int a; } t;", "typedef union { long b; } t;", true)]
    [InlineData("typedef union { int a; } t;", "typedef struct { long b; } t;", false)]
    public void Types_of_one_name_exist_where_they_are_compatible(string local, string kernel, bool expected)
    {
        var of = Relocated.Of($"{local} PROGRAM(test, void) {{ return TYPE_EXISTS(t); }}", $"{kernel} {(kernel.StartsWith("struct", StringComparison.Ordinal) ? "v;" : "t v;")}");
        Assert.Equal(expected ? 1 : 0, of.Number);
    }

    [Theory]
    [InlineData("int a;", "int a; long more;", true)]
    [InlineData("int a; int b;", "int b; int a;", true)]
    [InlineData("int a; int b;", "int a;", false)]
    [InlineData("int a;", "int b;", false)]
    [InlineData("int a;", "unsigned a;", false)]
    [InlineData("int a;", "short a;", false)]
    [InlineData("const int a;", "volatile int a;", true)]
    [InlineData("s32 a;", "int a;", true)]
    [InlineData("int a[2];", "int a[2];", true)]
    [InlineData("int a[2];", "int a[3];", false)]
    [InlineData("int *a;", "int *a;", true)]
    [InlineData("int *a;", "long *a;", false)]
    [InlineData("int *a;", "int a;", false)]
    [InlineData("int *a;", "int **a;", false)]
    [InlineData("struct in { int x; } a;", "struct in { int x; int y; } a;", true)]
    [InlineData("struct in { int x; } a;", "struct in { long x; } a;", false)]
    [InlineData("struct in { int x; } a;", "struct other { int x; } a;", false)]
    [InlineData("struct in { int x; } a;", "struct in___2 { int x; } a;", true)]
    [InlineData("struct in { int x; } a;", "union in { int x; } a;", false)]
    [InlineData("struct in { int x; } *a;", "struct in { long y; } *a;", true)]
    [InlineData("struct in { int x; } *a;", "struct in *a;", true)]
    [InlineData("struct in *a;", "struct in { int x; } *a;", true)]
    [InlineData("struct in *a;", "struct in *a;", true)]
    [InlineData("struct in *a;", "union in *a;", false)]
    [InlineData("union in *a;", "union in { int x; } *a;", true)]
    [InlineData("union in { int y; } *a;", "union in *a;", true)]
    [InlineData("union in { int y; } *a;", "struct in *a;", false)]
    [InlineData("union in { int y; } *a;", "struct in { int y; } *a;", false)]
    [InlineData("struct in { int x; } *a;", "struct other { int x; } *a;", false)]
    [InlineData("struct { int x; };", "struct { int x; };", true)]
    [InlineData("struct { int x; };", "struct { int y; };", false)]
    [InlineData("enum e { A, B } a;", "enum e { B = 7, A = 9, C } a;", true)]
    [InlineData("enum e { A, B } a;", "enum e { A, C } a;", false)]
    [InlineData("enum e { A, B } a;", "enum e { A } a;", false)]
    [InlineData("enum e { A } a;", "enum e { A, Z = 1ULL << 40 } a;", false)]
    [InlineData("enum e { A = 1ULL << 40 } a;", "enum e { A = 1ULL << 41 } a;", true)]
    [InlineData("int (*a)(int, long);", "int (*a)(int, long);", true)]
    [InlineData("int (*a)(int, long);", "int (*a)(int);", false)]
    [InlineData("int (*a)(int, long);", "int (*a)(int, int);", false)]
    [InlineData("int (*a)(int);", "void (*a)(int);", false)]
    [InlineData("void (*a)(struct in *);", "void (*a)(struct in *);", true)]
    public void Types_match_where_the_kernels_has_all_of_the_objects(string local, string kernel, bool expected)
    {
        var result = Relocated.Of(
            $"struct s {{ {local} }}; PROGRAM(test, void) {{ return TYPE_MATCHES(struct s); }}",
            $"struct s {{ {kernel} }}; struct s v;");
        Assert.Equal(expected ? 1 : 0, result.Number);
    }

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
