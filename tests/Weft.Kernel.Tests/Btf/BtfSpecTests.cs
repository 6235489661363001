using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfSpecTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Objects_of_both_byte_orders_have_the_same_types(bool isBigEndian)
    {
        var types = ObjectSections.Types("btf_types.bpf.c", isBigEndian);
        var all = types.Find<BtfComposite>("all", BtfKind.Struct)!;
        Assert.Equal(isBigEndian, types.IsBigEndian);
        Assert.Equal(["big", "mask", "little"], all.Members.Take(3).Select(m => m.Name));
        Assert.Equal((uint)types.SizeOf(all.Id), all.Size);
        Assert.Equal(24, types.SizeOf(all.Members.Single(m => m.Name == "grid").Type));
        var deep = types.Find<BtfEnum>("deep", BtfKind.Enum64)!;
        Assert.Equal([("LOWEST", -0x123456789abL), ("HIGHEST", 5L)], deep.Values.Select(v => (v.Name, (long)v.Value)));
        Assert.Equal(-3, (long)types.Find<BtfEnum>("depth", BtfKind.Enum)!.Values[0].Value);
        var far = types.Find<BtfComposite>("flags", BtfKind.Struct)!.Members.Single(m => m.Name == "far");
        Assert.Equal(40, far.BitSize);
    }

    [Fact]
    public void A_size_that_no_32_bits_can_count_is_refused()
    {
        var builder = new BtfBuilder();
        var large = builder.Add(new BtfComposite(0, BtfKind.Struct, "large", uint.MaxValue, []));
        var one = builder.Add(new BtfArray(0, large, large, 1));
        var two = builder.Add(new BtfArray(0, large, large, 2));
        var many = builder.Add(new BtfArray(0, large, large, uint.MaxValue));
        var nested = builder.Add(new BtfArray(0, builder.NextId + 1, large, uint.MaxValue));
        builder.Add(new BtfArray(0, many, large, uint.MaxValue));
        var none = builder.Add(new BtfArray(0, many, large, 0));
        var circle = builder.Add(new BtfArray(0, builder.NextId, large, 1));
        var types = BtfSpec.Parse(builder.ToBytes());
        Assert.Equal(uint.MaxValue, types.SizeOf(one));
        Assert.Equal(0, types.SizeOf(none));
        foreach (var id in (uint[])[two, many, nested, circle, 0])
        {
            Assert.Throws<BpfFormatException>(() => types.SizeOf(id));
        }
    }

    [Fact]
    public void Many_members_that_share_one_long_name_do_not_take_all_memory()
    {
        var builder = new BtfBuilder();
        builder.Add(new BtfComposite(0, BtfKind.Struct, "s", 4, [.. Enumerable.Repeat(new BtfMember(new string('x', 1000), 0, 0, 0), 65_000)]));
        builder.Add(new BtfFloat(0, new string('y', 2000), 4));
        var types = BtfSpec.Parse(builder.ToBytes());
        Assert.Throws<BpfFormatException>(() => types.Get(1));
        Assert.Throws<BpfFormatException>(() => types.Get(2));
    }

    [Fact]
    public void Types_of_a_module_continue_those_of_the_kernel()
    {
        var bottom = new BtfBuilder();
        var number = bottom.Add(new BtfInt(0, "int", 4, BtfIntEncoding.Signed, 32, 0));
        bottom.Add(new BtfComposite(0, BtfKind.Struct, "task", 4, [new("pid", number, 0, 0)]));
        var below = BtfSpec.Parse(bottom.ToBytes());
        var top = new BtfBuilder(below);
        var module = top.Add(new BtfComposite(0, BtfKind.Struct, "task", 8, [new("pid", number, 0, 0), new("more", number, 32, 0)]));
        var types = BtfSpec.Parse(top.ToBytes(), below);
        Assert.Equal(3u, module);
        Assert.Equal([3u, 2u], types.Find("task", BtfKind.Struct));
        Assert.Equal(module, types.FindId("task", BtfKind.Struct));
        Assert.Equal(number, types.FindId("int", BtfKind.Int));
        Assert.Equal(4, types.SizeOf(((BtfComposite)types.Get(module)).Members[1].Type));
        Assert.Throws<BpfFormatException>(() => types.Get(4));
        Assert.Throws<BpfFormatException>(() => below.Get(3));
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Names_are_found_as_if_all_types_were_looked_through()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var run = 0; run < Soak.Runs(200, 20_000); run++)
        {
            var below = Build(null, random);
            FindsAll(Build(below, random));
        }
    }

    private static BtfSpec Build(BtfSpec? below, Random random)
    {
        var builder = new BtfBuilder(below);
        foreach (var type in new RandomTypes(random).Types(builder.NextId, random.Next(40)))
        {
            builder.Add(type);
        }

        return BtfSpec.Parse(builder.ToBytes(), below);
    }

    private static void FindsAll(BtfSpec types)
    {
        var own = Enumerable.Range((int)types.FirstId, types.Count);
        var all = own.Concat(Enumerable.Range(1, types.Base!.Count)).Select(i => types.Get((uint)i)).ToArray();
        foreach (var name in all.Select(t => t.Name).Where(n => n.Length > 0).Append("absent").Distinct())
        {
            var named = all.Where(t => t.Name == name).ToArray();
            var flavours = all.Where(t => BtfName.Essential(t.Name) == name).Select(t => t.Id);
            Assert.Equal(named.Select(t => t.Id), types.Find(name));
            Assert.Equal(flavours, types.FindFlavours(name));
            foreach (var kind in Enum.GetValues<BtfKind>())
            {
                var expected = named.FirstOrDefault(t => t.Kind == kind)?.Id ?? 0;
                Assert.Equal(expected, types.FindId(name, kind));
            }
        }
    }
}
