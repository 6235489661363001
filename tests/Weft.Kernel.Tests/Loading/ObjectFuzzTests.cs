using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Files that are damaged in any way are refused, or read: nothing else happens, and it takes no long time.</summary>
public sealed class ObjectFuzzTests
{
    private static readonly string[] Files =
        ["data.bpf.c", "maps.bpf.c", "functions.bpf.c", "externs.bpf.c", "user_ring.bpf.c", "congestion.bpf.c", "arena.bpf.c"];

    private const string Machine = "-D__TARGET_ARCH_x86";

    private static readonly byte[] Extremes = [0, 1, 0x7F, 0x80, 0xFF];

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void A_damaged_object_is_read_or_refused()
    {
        byte[][] objects = [.. Files.Select(f => Clang.Compile(f, more: Machine)), .. Files.Select(f => Clang.Compile(f, isBigEndian: true, Machine))];
        Damage(objects, Soak.Runs(30_000, 10_000_000), Read);
    }

    /// <summary>By a kernel that takes all that it is given.</summary>
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void A_damaged_object_is_loaded_or_refused()
    {
        var types = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(types is null, "this kernel shows no BTF");
        var settings = new LoadSettings
        {
            Kernel = new BlindKernel(),
            KernelTypes = BtfSpec.Parse(types),
            PinFolder = null,
            BestEffort = true,
        };
        Damage([.. Files.Select(f => Clang.Compile(f, more: Machine))], Soak.Runs(300, 30_000), bytes =>
        {
            using var loaded = BpfObject.Load(ObjectSpec.Parse(bytes), settings);
        });
    }

    [Fact]
    public void An_object_that_is_cut_anywhere_is_read_or_refused()
    {
        var whole = Clang.Compile("maps.bpf.c");
        for (var end = 0; end < whole.Length; end += 7)
        {
            Try(Read, whole[..end], end);
        }
    }

    private static void Damage(byte[][] objects, int runs, Action<byte[]> use)
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var i = 0; i < runs; i++)
        {
            var bytes = objects[random.Next(objects.Length)].ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) > 0 ? (byte)random.Next(256) : Extremes[random.Next(Extremes.Length)];
            }

            Try(use, random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, seed);
        }
    }

    private static void Read(byte[] bytes)
    {
        var spec = ObjectSpec.Parse(bytes);
        foreach (var program in spec.Programs.Values)
        {
            ProgramLinker.Link(spec, program, function => function.Code.ToArray().AsMemory());
        }
    }

    private static void Try(Action<byte[]> use, byte[] bytes, int seed)
    {
        try
        {
            use(bytes);
        }
        catch (BpfException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"seed or length {seed}: {e}");
        }
    }
}
