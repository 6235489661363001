using Weft.Bpf.Btf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Btf;

/// <summary>Whatever is in a file, reading it ends, and no other way than with types or one kind of exception.</summary>
public sealed class BtfFuzzTests
{
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Damaged_types_are_refused_and_nothing_else_happens()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var originals = Originals(random);
        var runs = Soak.Runs(30_000, 600_000);
        var opened = 0;
        for (var run = 0; run < runs; run++)
        {
            var bytes = Mutate(random, originals[random.Next(originals.Length)]);
            try
            {
                opened += EveryOperation.On(bytes) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, run {run}: {Convert.ToHexString(bytes)}", e);
            }
        }

        // A test whose inputs are all refused at once would show nothing.
        Assert.InRange(opened, runs / 10, runs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Types_that_are_cut_off_anywhere_are_refused(bool isBigEndian)
    {
        var bytes = ObjectSections.TypeBytes("btf_types.bpf.c", isBigEndian);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(EveryOperation.On(bytes[..length]), $"{length} bytes of {bytes.Length}");
        }

        Assert.True(EveryOperation.On(bytes));
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Damaged_types_above_others_are_refused_and_nothing_else_happens()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var below = BtfSpec.Parse(ObjectSections.TypeBytes("btf_types.bpf.c"));
        var builder = new BtfBuilder(below);
        foreach (var type in new RandomTypes(random).Types(below.EndId, 12))
        {
            builder.Add(type);
        }

        var original = builder.ToBytes();
        for (var run = 0; run < Soak.Runs(300, 30_000); run++)
        {
            var bytes = Mutate(random, original);
            EveryOperation.On(bytes, below);
        }
    }

    /// <summary>Damages a copy in a few places; one in ten is cut off.</summary>
    internal static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToArray();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            // What leads elsewhere is in words, so that small numbers in their lowest bytes do most.
            var at = random.Next(random.Next(8) == 0 ? 24 : bytes.Length);
            bytes[at] = random.Next(4) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                2 => (byte)(bytes[at] + random.Next(-2, 3)),
                _ => bytes[random.Next(bytes.Length)],
            };
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    // Small ones, for each is looked through completely; and those of a compiler.
    private static byte[][] Originals(Random random)
    {
        var made = Enumerable.Range(0, 60).Select(i =>
        {
            var builder = new BtfBuilder();
            foreach (var type in new RandomTypes(random).Types(1, random.Next(1, 12)))
            {
                builder.Add(type);
            }

            return builder.ToBytes(isBigEndian: i % 2 == 0);
        });
        return
        [
            .. made,
            ObjectSections.TypeBytes("btf_types.bpf.c"), ObjectSections.TypeBytes("btf_types.bpf.c", isBigEndian: true),
            ObjectSections.TypeBytes("btf_externs.bpf.c"), ObjectSections.TypeBytes("btf_externs.bpf.c", isBigEndian: true),
        ];
    }
}
