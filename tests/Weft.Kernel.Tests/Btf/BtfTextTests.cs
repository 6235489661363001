using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfTextTests
{
    private static readonly BtfSpec Types = ObjectSections.Types("btf_types.bpf.c");

    [Fact]
    public void A_structure_is_declared_as_it_was_written() => Assert.Equal(
        """
        struct all {
            s64 big;
            u64 mask;
            short little;
            signed char tiny;
            _Bool yes;
            char letter;
            char name[16];
            u8 raw[4];
            int grid[2][3];
            struct point points[2];
            struct {
                int inner;
                union {
                    u32 left;
                    u16 right[2];
                };
            };
            union address address;
            enum color color;
            enum depth depth;
            enum wide wide;
            enum deep deep;
            float single_number;
            double double_number;
            const volatile struct point *const where;
            struct ahead *ahead;
            union either *either;
            callback_t callback;
            int (*table[4])(struct point *, u64);
            int (*(*chooser)(int))(void);
            int (*row)[3];
            void *restrict only;
            int *tagged;
            struct flags flags;
            __int128 huge;
            u8 rest[0];
        };
        """,
        Declaration("all", BtfKind.Struct));

    [Theory]
    [InlineData("flags", BtfKind.Struct, "struct flags {\n    u32 low : 3;\n    u32 middle : 7;\n    int sign : 6;\n    u64 far : 40;\n    _Bool is_set : 1;\n    enum color color : 4;\n};")]
    [InlineData("address", BtfKind.Union, "union address {\n    u32 v4;\n    u8 v6[16];\n};")]
    [InlineData("color", BtfKind.Enum, "enum color {\n    RED = 0,\n    GREEN = 5,\n    BLUE = 7,\n};")]
    [InlineData("deep", BtfKind.Enum64, "enum deep {\n    LOWEST = -1250999896491,\n    HIGHEST = 5,\n};")]
    [InlineData("ahead", BtfKind.Forward, "struct ahead;")]
    [InlineData("either", BtfKind.Forward, "union either;")]
    [InlineData("u64", BtfKind.Typedef, "typedef unsigned long long u64;")]
    [InlineData("all_t", BtfKind.Typedef, "typedef struct all *all_t;")]
    [InlineData("pair_t", BtfKind.Typedef, "typedef struct {\n    int first;\n    int second;\n} pair_t;")]
    [InlineData("callback_t", BtfKind.Typedef, "typedef int (*callback_t)(void *, const char *, ...);")]
    [InlineData("helper", BtfKind.Function, "int helper(struct all *all, int more);")]
    [InlineData("hidden_away", BtfKind.Variable, "static volatile int hidden_away;")]
    [InlineData("keep_all", BtfKind.Variable, "struct all *keep_all;")]
    [InlineData("an event", BtfKind.DeclarationTag, "__attribute__((btf_decl_tag(\"an event\"))) /* of event */")]
    [InlineData(".data.more", BtfKind.DataSection, "/* .data.more: 0 bytes */\n/*     0 */ int tagged_variable;")]
    public void Each_kind_has_its_declaration(string name, BtfKind kind, string text) => Assert.Equal(text, Declaration(name, kind));

    [Fact]
    public void A_type_is_named_as_in_a_cast()
    {
        var members = Types.Find<BtfComposite>("all", BtfKind.Struct)!.Members.ToDictionary(m => m.Name, m => m.Type);
        Assert.Equal("const volatile struct point *const", BtfText.Name(Types, members["where"]));
        Assert.Equal("int (*)[3]", BtfText.Name(Types, members["row"]));
        Assert.Equal("int (*[4])(struct point *, u64)", BtfText.Name(Types, members["table"]));
        Assert.Equal("char it[16]", BtfText.Name(Types, members["name"], "it"));
        Assert.Equal("void", BtfText.Name(Types, 0));
    }

    [Fact]
    public void Types_that_have_no_end_are_refused()
    {
        var builder = new BtfBuilder();
        var circle = builder.Add(new BtfReference(0, BtfKind.Pointer, "", 1));
        var self = builder.Add(new BtfComposite(0, BtfKind.Struct, "", 4, [.. Enumerable.Repeat(new BtfMember("", 3, 0, 0), 1000)]));
        builder.Add(new BtfComposite(0, BtfKind.Union, "", 4, [.. Enumerable.Repeat(new BtfMember("", 2, 0, 0), 1000)]));
        var wide = builder.Add(new BtfPrototype(0, 0, [.. Enumerable.Repeat(new BtfParameter("x", builder.NextId + 1), 60_000)]));
        builder.Add(new BtfPrototype(0, 0, [.. Enumerable.Repeat(new BtfParameter("y", 0), 60_000)]));
        var types = BtfSpec.Parse(builder.ToBytes());
        foreach (var id in (uint[])[circle, self, wide])
        {
            Assert.Throws<BpfFormatException>(() => BtfText.Declaration(types, id));
        }
    }

    [Fact]
    public void Each_type_of_the_kernel_has_a_declaration()
    {
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel shows no BTF");
        using var kernel = KernelTypes.Load();
        for (var id = 1u; id < kernel.Kernel.EndId; id++)
        {
            Assert.NotEqual("", BtfText.Declaration(kernel.Kernel, id));
        }
    }

    private static string Declaration(string name, BtfKind kind)
    {
        Assert.NotEqual(0u, Types.FindId(name, kind));
        return BtfText.Declaration(Types, Types.FindId(name, kind));
    }
}
