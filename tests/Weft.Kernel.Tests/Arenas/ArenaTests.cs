using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Features;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Arenas;

/// <summary>Memory that programs and this process have at the same addresses: <c>arena.bpf.c</c>.</summary>
public sealed class ArenaTests
{
    private const uint Magic = 0x600D;
    private const ulong Address = 0x2000_0000_0000;

    [Fact]
    public void Variables_in_an_arena_belong_to_its_map()
    {
        var spec = Spec();
        Assert.Equal(("arena", 0, 4, 7), (spec.Variables["count"].Map, spec.Variables["count"].Offset, spec.Variables["count"].Size, spec.Variables["count"].Get<int>()));
        Assert.Equal((MapType.Arena, 16u), (spec.Maps["arena"].Type, spec.Maps["arena"].MaxEntries));
    }

    [Fact]
    public void A_list_that_a_program_has_made_is_walked_here()
    {
        using var loaded = Load(Spec());
        Assert.Equal(Magic, loaded.Programs["make"].TestRun().Result);
        var arena = loaded.Maps["arena"].Arena;
        var numbers = new List<long>();
        for (var at = Pointer(loaded, "made"); at != 0; at = arena.Read<Node>(at).Next)
        {
            numbers.Add(arena.Read<Node>(at).Number);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], numbers);
        Assert.Equal(arena.AddressOf(loaded.Spec.Variables["count"]), Pointer(loaded, "where"));
        Assert.Equal(10, arena.Read<int>(Pointer(loaded, "where")));
        var zeros = MemoryMarshal.Cast<byte, long>(arena.Span(arena.AddressOf(loaded.Spec.Variables["zeros"]), 32));
        Assert.Equal([0, 5, 0, 0], zeros.ToArray());
    }

    [Fact]
    public void A_list_that_was_made_here_is_walked_by_a_program()
    {
        using var loaded = Load(Spec());
        var arena = loaded.Maps["arena"].Arena;

        // A page that no program has: the first is that of the variables.
        var at = arena.Start + (ulong)Environment.SystemPageSize;
        arena.Write(at, new Node(at + 64, 30));
        arena.Write(at + 64, new Node(0, 12));
        arena.Write(arena.AddressOf(loaded.Spec.Variables["given"]), at);
        Assert.Equal(42u, loaded.Programs["walk"].TestRun().Result);
    }

    [Fact]
    public void A_variable_is_set_before_the_program_sees_it()
    {
        var spec = Spec();
        spec.Variables["count"].Set(8);
        using var loaded = Load(spec);
        var line = loaded.Programs["make"].TestRun().Result;
        Assert.True(line is > 0 and < Magic, $"{line}");
    }

    [Fact]
    public void An_arena_is_where_its_object_wants_it()
    {
        var spec = ObjectSpec.Parse(Clang.Compile("arena.bpf.c", more: $"-DARENA_ADDRESS=0x{Address:x}"));
        Assert.Equal(Address, spec.Maps["arena"].Extra);
        using (var loaded = Load(spec))
        {
            Assert.Equal(Address, loaded.Maps["arena"].Arena.Start);
            Assert.Equal(Magic, loaded.Programs["make"].TestRun().Result);

            // It takes the place of nothing else of this process.
            var error = Assert.Throws<KernelException>(() => BpfObject.Load(spec));
            Assert.Contains("something else of this process is at", error.Message, StringComparison.Ordinal);
        }

        using var again = Load(spec);
        Assert.Equal(Address, again.Maps["arena"].Arena.Start);
    }

    [Fact]
    public void Addresses_outside_of_an_arena_are_refused()
    {
        using var loaded = Load(Spec());
        var arena = loaded.Maps["arena"].Arena;
        var end = arena.Start + (ulong)arena.Length;
        Assert.Equal(16 * Environment.SystemPageSize, arena.Length);
        Assert.True(arena.Contains(arena.Start, arena.Length));
        arena.Write(end - 8, 1L);
        Assert.Equal(1L, arena.Read<long>(end - 8));
        foreach (var (address, size) in new[] { (0ul, 8), (arena.Start - 1, 8), (end - 7, 8), (end, 1), (ulong.MaxValue, 2), (ulong.MaxValue - 3, 4) })
        {
            Assert.False(arena.Contains(address, size));
            Assert.Throws<ArgumentOutOfRangeException>(() => arena.Span(address, size));
            Assert.Throws<ArgumentOutOfRangeException>(() => arena.Write(address, new byte[size]));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Span(arena.Start, -1));
        Assert.Throws<InvalidOperationException>(() => loaded.Maps[".bss"].Arena);
        loaded.Dispose();
        Assert.Throws<ObjectDisposedException>(() => arena.Read<long>(arena.Start));
        Assert.Throws<ObjectDisposedException>(() => arena.Span(arena.Start, 1));
    }

    [Fact]
    public void Variables_that_an_arena_has_no_room_for_are_an_error_with_its_fix()
    {
        Require();
        var spec = Spec();
        spec.Maps["arena"].Contents[0] = new(default, new byte[20 * Environment.SystemPageSize]);
        var error = Assert.Throws<KernelException>(() => BpfObject.Load(spec));
        Assert.Contains("max_entries", error.Message, StringComparison.Ordinal);
    }

    private static void Require()
    {
        Privileged.Require();
        var answer = KernelFeatures.MapType(MapType.Arena);
        Assert.SkipUnless(answer.IsYes, $"this kernel makes no arenas: {answer}");
    }

    private static ObjectSpec Spec() => ObjectSpec.Parse(Clang.Compile("arena.bpf.c"));

    private static BpfObject Load(ObjectSpec spec)
    {
        Require();
        return BpfObject.Load(spec, new() { PinFolder = null });
    }

    private static ulong Pointer(BpfObject loaded, string variable)
    {
        var place = loaded.Spec.Variables[variable];
        using var memory = loaded.Maps[place.Map].OpenMemory(isWritable: false);
        return memory.Read<ulong>(place.Offset);
    }

    private readonly record struct Node(ulong Next, long Number);
}
