using System.Collections.Immutable;
using Weft.Bpf.Btf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfBuilderTests
{
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void What_is_built_is_read_again()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var run = 0; run < Soak.Runs(500, 50_000); run++)
        {
            var isBigEndian = run % 2 == 0;
            var below = Build(null, new RandomTypes(random).Types(1, random.Next(20)), isBigEndian);
            var types = new RandomTypes(random).Types(below.EndId, random.Next(20));
            var above = Build(below, types, isBigEndian);
            Assert.Equal(types.Select(Described), Ids(above).Select(above.Get).Select(Described));
            Assert.Equal(below.EndId, above.FirstId);
            Assert.Equal(isBigEndian, above.IsBigEndian);
        }
    }

    [Theory]
    [InlineData("btf_types.bpf.c", false)]
    [InlineData("btf_types.bpf.c", true)]
    [InlineData("btf_externs.bpf.c", false)]
    public void The_types_of_an_object_are_the_same_when_they_are_built_again(string file, bool isBigEndian)
    {
        var types = ObjectSections.Types(file, isBigEndian);
        var again = Build(null, [.. Ids(types).Select(types.Get)], isBigEndian);
        Assert.Equal(Ids(types).Select(types.Get).Select(Described), Ids(again).Select(again.Get).Select(Described));
        Assert.Equal(types.Header.TypesSize, again.Header.TypesSize);
    }

    [Fact]
    public void A_string_is_written_once()
    {
        var builder = new BtfBuilder();
        builder.Add(new BtfFloat(0, "same", 4));
        builder.Add(new BtfFloat(0, "same", 8));
        Assert.Equal("\0same\0"u8.Length, BtfSpec.Parse(builder.ToBytes()).Header.StringsSize);
    }

    [Fact]
    public void What_BTF_cannot_hold_is_refused_and_leaves_nothing()
    {
        var builder = new BtfBuilder();
        var value = new BtfEnumerator("x", 0);
        Assert.Throws<ArgumentException>(() => builder.Add(new BtfEnum(0, BtfKind.Enum, "e", 4, false, [.. Enumerable.Repeat(value, 65536)])));
        Assert.Throws<ArgumentException>(() => builder.Add(new BtfFloat(0, "a\0b", 4)));
        Assert.Throws<ArgumentException>(() => builder.Add(new BtfComposite(
            0, BtfKind.Struct, "s", 4, [new("low", 1, 1 << 24, 3)])));
        Assert.Throws<ArgumentException>(() => builder.Add(new BtfVoid()));
        Assert.Equal(1u, builder.NextId);
        Assert.Equal(0, BtfSpec.Parse(builder.ToBytes()).Count);
    }

    private static IEnumerable<uint> Ids(BtfSpec types) => Enumerable.Range((int)types.FirstId, types.Count).Select(id => (uint)id);

    // Records do not compare what is in their arrays.
    private static string Described(BtfType type) => type switch
    {
        BtfComposite t => $"{t with { Members = [] }} {string.Join(", ", t.Members)}",
        BtfEnum t => $"{t with { Values = [] }} {string.Join(", ", t.Values)}",
        BtfPrototype t => $"{t with { Parameters = [] }} {string.Join(", ", t.Parameters)}",
        BtfDataSection t => $"{t with { Variables = [] }} {string.Join(", ", t.Variables)}",
        _ => type.ToString(),
    };

    private static BtfSpec Build(BtfSpec? below, ImmutableArray<BtfType> types, bool isBigEndian)
    {
        var builder = new BtfBuilder(below);
        foreach (var type in types)
        {
            Assert.Equal(type.Id, builder.Add(type));
        }

        return BtfSpec.Parse(builder.ToBytes(isBigEndian), below);
    }
}
