using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;
using Weft.Kernel.Tests.Btf;
using Weft.Testing;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>Any relocation of any instruction by any types ends, with another instruction or with one kind of exception.</summary>
public sealed class CoReFuzzTests
{
    private const int MaxTypes = 40;
    private const int RelocationsOfEach = 200;
    private const int Steps = 5_000;
    private const int KindCount = (int)CoReKind.TypeMatches + 1;

    private static readonly int[] Numbers = [0, 0, 0, 1, 1, 4, 8, 16, 56, -1, int.MaxValue];

    private static readonly byte[] InstructionCodes = [HandMade.Move, HandMade.Move, HandMade.LoadWord, 0x63, 0x7B, 0x71, 0x07, Codes.LoadWide, 0x05, 0x95];

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Any_relocation_is_applied_or_refused()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var (rounds, tried, applied) = (Soak.Runs(300, 30_000), 0, new int[KindCount + 1]);
        for (var round = 0; round < rounds; round++)
        {
            // The kernel's are others, or the same with damage, or the object's are.
            var bytes = Types(random);
            var others = random.Next(3) == 0 ? Types(random) : BtfFuzzTests.Mutate(random, bytes);
            (bytes, others) = random.Next(2) == 0 ? (others, bytes) : (bytes, others);
            if (Read(bytes) is { } local && Read(others) is { } kernel)
            {
                var relocator = new CoReRelocator(local, [kernel], steps: Steps * RelocationsOfEach);
                for (var i = 0; i < RelocationsOfEach; i++)
                {
                    tried++;
                    var relocation = Relocation(random, local);
                    applied[(int)relocation.Kind] += IsApplied(relocator, Program(random, local, relocation), relocation, seed) ? 1 : 0;
                }
            }
        }

        // Every kind gets through, and a tenth of all: most others have a path that leads nowhere.
        Assert.DoesNotContain(0, applied[..KindCount]);
        Assert.Equal(0, applied[KindCount]);
        Assert.InRange(applied.Sum(), tried / 10, tried);
    }

    private static byte[] Types(Random random)
    {
        var builder = new BtfBuilder();
        foreach (var type in new RandomTypes(random).Types(1, random.Next(1, MaxTypes)))
        {
            builder.Add(type);
        }

        return builder.ToBytes();
    }

    private static BtfSpec? Read(byte[] bytes)
    {
        try
        {
            return BtfSpec.Parse(bytes);
        }
        catch (BpfFormatException)
        {
            return null;
        }
    }

    // One in four of a type that the kind is not for, or that is none.
    private static CoReRelocation Relocation(Random random, BtfSpec local)
    {
        var kind = (CoReKind)random.Next(KindCount + 1);
        uint type;
        var tries = 8;
        do
        {
            type = (uint)random.NextInt64(local.EndId + 2);
        }
        while (random.Next(4) > 0 && --tries > 0 && !Fits(kind, type < local.EndId ? local.KindOf(type) : BtfKind.Void));
        return new(random.Next(20) == 0 ? random.Next(-1, 4) : 0, type, Access(random), kind);
    }

    private static bool Fits(CoReKind kind, BtfKind type) => kind.IsEnumerator()
        ? type is BtfKind.Enum or BtfKind.Enum64
        : type is BtfKind.Struct or BtfKind.Union;

    private static string Access(Random random) => random.Next(8) switch
    {
        0 => new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => "0123456789:- x"[random.Next(14)])]),
        < 5 => "0",
        _ => string.Join(':', Enumerable.Range(0, random.Next(1, 4)).Select(step => step == 0 ? 0 : random.Next(5))),
    };

    // Mostly one that has the number that it should.
    private static Instruction[] Program(Random random, BtfSpec local, CoReRelocation relocation)
    {
        var number = random.Next(4) > 0 ? Expected(local, relocation) : Numbers[random.Next(Numbers.Length)];
        var instruction = new Instruction(
            random.Next(10) == 0 ? (byte)random.Next(256) : InstructionCodes[random.Next(InstructionCodes.Length)],
            offset: (short)number, immediate: number);
        return random.Next(10) == 0 ? [instruction] : [instruction, default];
    }

    private static int Expected(BtfSpec local, CoReRelocation relocation)
    {
        try
        {
            return (int)CoReValue.Of(relocation.Kind, LocalAccess.Of(CoReTypes.OfObject(local), relocation), local.IsBigEndian).Number;
        }
        catch (BpfFormatException)
        {
            return 0;
        }
    }

    private static bool IsApplied(CoReRelocator relocator, Instruction[] program, CoReRelocation relocation, int seed)
    {
        try
        {
            relocator.Apply(program, relocation, "test");
            return true;
        }
        catch (CoReException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {relocation}", e);
        }
    }
}
