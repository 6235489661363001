using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Bpf.Elf;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Loading;

/// <summary>
/// Files that are damaged in any way are refused, or read: nothing else happens, and it takes neither a long time nor much
/// memory.
/// </summary>
public sealed class ObjectFuzzTests
{
    private static readonly string[] Files =
        ["data.bpf.c", "maps.bpf.c", "functions.bpf.c", "externs.bpf.c", "user_ring.bpf.c", "congestion.bpf.c", "arena.bpf.c"];

    private const string Machine = "-D__TARGET_ARCH_x86";

    private const ulong MaxData = 64 << 20;

    // What is read of the kernel, above all its configuration, has a megabyte.
    private const long Least = 2 << 20;

    // A symbol of 24 bytes becomes an object, a place, and an entry in two tables: whole files take up to 90 for each byte.
    private const long MostOfEach = 100;

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
        var load = new Loading();
        Damage([.. Files.Select(f => Clang.Compile(f, more: Machine))], Soak.Runs(300, 30_000), load.Run);
    }

    /// <summary>Damaged in nothing but its types and what they say of its code, so that the relocations are reached.</summary>
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void An_object_whose_types_are_damaged_is_loaded_or_refused()
    {
        var load = new Loading();
        byte[][] objects = [.. Files.Append("hooks.bpf.c").Select(f => Clang.Compile(f, more: Machine))];
        var runs = Soak.Runs(300, 30_000);
        Damage(objects, runs, load.Run, bytes => ElfFile.Parse(bytes).Sections.Where(s => s.Name is ".BTF" or ".BTF.ext").Select(s => s.Data));
        Assert.InRange(load.Loaded, runs / 10, runs);
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

    /// <param name="parts">Which bytes are damaged; null for all, and then some files are cut off, too.</param>
    private static void Damage(
        byte[][] objects, int runs, Action<byte[]> use, Func<byte[], IEnumerable<ReadOnlyMemory<byte>>>? parts = null)
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var places = objects.Select(o => parts?.Invoke(o).Select(Place).ToArray() ?? [(0, o.Length)]).ToArray();

        // What is kept for all of them is no matter of one.
        Array.ForEach(objects, use);
        for (var i = 0; i < runs; i++)
        {
            var which = random.Next(objects.Length);
            var bytes = objects[which].ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var (start, length) = places[which][random.Next(places[which].Length)];
                bytes[start + random.Next(length)] = random.Next(3) > 0 ? (byte)random.Next(256) : Extremes[random.Next(Extremes.Length)];
            }

            Try(use, parts is null && random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, seed);
        }
    }

    private static (int Start, int Length) Place(ReadOnlyMemory<byte> part) =>
        MemoryMarshal.TryGetArray(part, out var segment) ? (segment.Offset, segment.Count) : throw new InvalidOperationException();

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
        var before = GC.GetAllocatedBytesForCurrentThread();
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

        var taken = GC.GetAllocatedBytesForCurrentThread() - before - Zeros(bytes);
        Assert.True(taken <= Least + (bytes.Length * MostOfEach), $"seed or length {seed}: {taken} bytes of memory for {bytes.Length}");
    }

    /// <summary>The bytes of data that the file does not have, such as <c>.bss</c>: an object may want 64 MiB of them.</summary>
    private static long Zeros(byte[] bytes)
    {
        try
        {
            return ElfFile.Parse(bytes).Sections.Where(s => s.Data.IsEmpty).Sum(s => (long)Math.Min(s.Size, MaxData));
        }
        catch (BpfFormatException)
        {
            return 0;
        }
    }

    /// <summary>By a kernel that takes all that it is given, each program, also those that are loaded when they are asked for.</summary>
    private sealed class Loading
    {
        private readonly LoadSettings _settings;

        public Loading()
        {
            var types = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
            Assert.SkipWhen(types is null, "this kernel shows no BTF");
            _settings = new() { Kernel = new BlindKernel(), KernelTypes = BtfSpec.Parse(types), PinFolder = null, BestEffort = true };
        }

        /// <summary>How many objects had a program that was loaded.</summary>
        public int Loaded { get; private set; }

        public void Run(byte[] bytes)
        {
            var spec = ObjectSpec.Parse(bytes);
            foreach (var program in spec.Programs.Values)
            {
                program.Loads = true;
            }

            using var loaded = BpfObject.Load(spec, _settings);
            Loaded += loaded.Programs.Count > 0 ? 1 : 0;
        }
    }
}
