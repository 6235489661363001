using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>An object that was made to do harm, against a kernel's types that may have been, too.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("0:")]
    [InlineData(":0")]
    [InlineData("0::1")]
    [InlineData("-1")]
    [InlineData("0:-1")]
    [InlineData("+0")]
    [InlineData(" 0")]
    [InlineData("0 1")]
    [InlineData("0:x")]
    [InlineData("0:\u0661")]
    [InlineData("4294967296")]
    [InlineData("2147483648")]
    [InlineData("0:99999999999999999999999999")]
    [InlineData("0:2")]
    [InlineData("0:0:0")]
    [InlineData("2147483647:0")]
    public void An_access_that_the_type_does_not_have_is_an_error(string access)
    {
        var (types, id) = Simple();
        Assert.Throws<CoReException>(() => HandMade.Relocate(types, new(0, id, access, CoReKind.FieldExists)));
    }

    [Fact]
    public void An_access_has_64_steps_at_most()
    {
        var types = new BtfBytes();
        var type = types.Int("int", 4);
        for (var i = 0; i < 70; i++)
        {
            type = types.Array(type, 1);
        }

        var id = types.Struct("s", 4, ("a", type, 0));
        var spec = types.Parse();
        string Access(int steps) => string.Join(':', Enumerable.Repeat(0, steps));

        // Sizes are asked of each element, and have a depth of their own.
        Assert.Contains("no end", Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, id, Access(64), CoReKind.FieldExists))).Message);
        Assert.Contains("64 steps", Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, id, Access(65), CoReKind.FieldExists))).Message);
        Assert.Contains("64 steps", Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, id, Access(100000), CoReKind.FieldExists))).Message);
    }

    [Fact]
    public void Steps_through_anonymous_members_count()
    {
        var types = new BtfBytes();
        var number = types.Int("int", 4);
        var type = types.Struct("", 4, ("a", number, 0));
        for (var i = 0; i < 80; i++)
        {
            type = types.Struct(i is 79 or 59 ? "s" : "", 4, ("", type, 0));
        }

        var local = new BtfBytes();
        var id = local.Struct("s", 4, ("a", local.Int("int", 4), 0));
        var error = Assert.Throws<CoReException>(() => HandMade.Relocate(local.Parse(), types.Parse(), new(0, id, "0:0", CoReKind.FieldExists)));
        Assert.Contains("too deep", error.Message);
    }

    [Theory]
    [InlineData(13u)]
    [InlineData(99u)]
    [InlineData(uint.MaxValue)]
    public void A_kind_that_is_not_known_is_an_error(uint kind)
    {
        var (types, id) = Simple();
        var error = Assert.Throws<CoReException>(() => HandMade.Relocate(types, new(0, id, "0", (CoReKind)kind)));
        Assert.Contains($"relocation {kind}", error.Message);
    }

    [Fact]
    public void A_type_that_does_not_exist_is_an_error()
    {
        var (types, _) = Simple();
        for (var kind = CoReKind.FieldByteOffset; kind <= CoReKind.TypeMatches; kind++)
        {
            if (kind != CoReKind.TypeIdLocal)
            {
                Assert.Throws<CoReException>(() => HandMade.Relocate(types, new(0, 4711, "0", kind)));
                Assert.Throws<CoReException>(() => HandMade.Relocate(types, new(0, uint.MaxValue, "0", kind)));
                Assert.Throws<CoReException>(() => HandMade.Relocate(types, new(0, 0, "0", kind)));
            }
        }
    }

    [Fact]
    public void Every_kind_on_every_type_ends_well_or_as_an_error()
    {
        var types = CoReObject.Compile("""
            struct s { int a; struct s *next; union { int b : 3; long c; }; int d[2][3]; void (*f)(int, ...); struct s2 *g; enum e { A } h; } v;
            typedef struct s t; t w; enum big { B = 1ULL << 40 } x; double y; int call(int z) { return z; }
            """).Types;
        for (var id = 0u; id <= types.EndId; id++)
        {
            for (var kind = CoReKind.FieldByteOffset; kind <= CoReKind.TypeMatches + 1; kind++)
            {
                foreach (var access in (string[])["0", "1", "0:0", "0:1", "0:2:0", "0:2", "0:3", "0:3:1", "0:3:1:2", "0:3:2", "0:6:0"])
                {
                    Tolerate(() => HandMade.Relocate(types, new(0, id, access, kind), new Instruction(Codes.LoadWide), default));
                }
            }
        }
    }

    [Fact]
    public void Names_that_lead_in_a_circle_end()
    {
        var types = new BtfBytes();
        var one = types.Typedef("s", 2);
        types.Typedef("s", 1);
        var spec = types.Parse();
        foreach (var kind in (CoReKind[])[CoReKind.FieldExists, CoReKind.TypeExists, CoReKind.TypeMatches, CoReKind.TypeSize, CoReKind.EnumeratorValue])
        {
            Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, one, "0", kind)));
        }
    }

    [Fact]
    public void Pointers_and_prototypes_that_lead_in_a_circle_end()
    {
        var types = new BtfBytes();
        types.Pointer(1);
        var pointer = types.Typedef("s", 1);
        types.Prototype(3, 3, 3, 3, 3);
        var prototype = types.Typedef("p", 3);
        var spec = types.Parse();
        foreach (var kind in (CoReKind[])[CoReKind.TypeExists, CoReKind.TypeMatches])
        {
            Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, pointer, "0", kind)));
            Assert.Throws<CoReException>(() => HandMade.Relocate(spec, new(0, prototype, "0", kind)));
        }
    }

    [Fact]
    public void Structures_that_contain_themselves_end()
    {
        var types = new BtfBytes();
        var number = types.Int("int", 4);
        types.Struct("s", 4, ("", 2, 0), ("", 2, 0), ("b", number, 0));
        var local = new BtfBytes();
        var id = local.Struct("s", 4, ("x", local.Int("int", 4), 0));
        Assert.Throws<CoReException>(() => HandMade.Relocate(local.Parse(), types.Parse(), new(0, id, "0:0", CoReKind.FieldExists)));
    }

    [Fact]
    public void Structures_whose_members_double_at_each_level_cost_no_more_than_the_limit()
    {
        // 2 to the 30th ways through anonymous members, and as many comparisons of named ones.
        var (anonymous, named) = (new BtfBytes(), new BtfBytes());
        var (one, other) = (anonymous.Int("int", 4), named.Int("int", 4));
        for (var i = 0; i < 30; i++)
        {
            one = anonymous.Struct(i == 29 ? "s" : "", 4, ("", one, 0), ("", one, 0));
            other = named.Struct(i == 29 ? "s" : $"in{i}", 4, ("a", other, 0), ("b", other, 0));
        }

        var local = new BtfBytes();
        var id = local.Struct("s", 4, ("x", local.Int("int", 4), 0));
        var error = Assert.Throws<CoReException>(() => HandMade.Relocate(local.Parse(), anonymous.Parse(), new(0, id, "0:0", CoReKind.FieldExists)));
        Assert.Contains("too many steps", error.Message);
        error = Assert.Throws<CoReException>(() => HandMade.Relocate(named.Parse(), new(0, other, "0", CoReKind.TypeMatches)));
        Assert.Contains("too many steps", error.Message);
    }

    [Fact]
    public void A_name_of_a_megabyte_in_each_member_takes_no_memory()
    {
        const int Count = 100;
        var types = new BtfBytes();
        var number = types.Int("int", 4);
        var name = new string('x', 1 << 20);
        var id = types.Struct(name, 4 * Count, [.. Enumerable.Range(0, Count).Select(i => (name, number, 32u * (uint)i))]);
        var spec = types.Parse();
        var relocation = new CoReRelocation(0, id, $"0:{Count - 1}", CoReKind.FieldSigned);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<CoReException>(
            () => HandMade.Relocate(spec, relocation, new Instruction(HandMade.Move, immediate: 7)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, name.Length / 4);
        Assert.InRange(error.Message.Length, 1, 1000);
    }

    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (CoReException)
        {
        }
    }

    private static (BtfSpec Types, uint Id) Simple()
    {
        var types = new BtfBytes();
        var number = types.Int("int", 4);
        var id = types.Struct("s", 8, ("a", number, 0), ("b", number, 32));
        return (types.Parse(), id);
    }
}
