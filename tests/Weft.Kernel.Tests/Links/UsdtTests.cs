using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

public sealed class UsdtTests : IDisposable
{
    private const string Executable = "-no-pie";
    private const string Movable = "-pie -fPIE";
    private const string Library = "-shared -fPIC";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Executable)]
    [InlineData(Movable)]
    public void A_program_is_told_all_kinds_of_arguments(string kind)
    {
        using var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), kind);
        using (var link = Attach.Usdt(loaded.Programs["any"], places, "weft", "kinds", cookie: 4711))
        {
            Run(places);
            Assert.Equal($"usdt {places}:weft:kinds", link.Hook);
        }

        Assert.Equal(
            [1, 4711, 11, -3, 0x1122334455667788, 254, -2, 0xFFFFFFFD, -9, 71, 0x0102030405060708, -2, 0xFFFE, 77, 0], Told(loaded));
        Run(places);
        Assert.Equal(1, Told(loaded)[0]);
    }

    [Fact]
    public void A_library_tells_of_its_places_in_a_process_that_has_loaded_it()
    {
        using var loaded = Load();
        var library = Gcc.Places(Path.Combine(_folder.Path, "places.so"), Library);
        var handle = NativeLibrary.Load(library);
        using (Attach.Usdt(loaded.Programs["any"], library, "weft", "none", Environment.ProcessId))
        {
            Call(handle);
        }

        Assert.Equal([1, 0, 0], Told(loaded)[..3]);
        using (Attach.Usdt(loaded.Programs["any"], library, "weft", "none", process: 1))
        {
            Call(handle);
        }

        Assert.Equal(1, Told(loaded)[0]);
    }

    [Fact]
    public void A_place_that_is_twice_in_a_file_is_watched_twice_and_described_once()
    {
        using var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Movable);
        using var link = Attach.Usdt(loaded.Programs["any"], places, "weft", "twice");
        Run(places);
        Assert.Equal([2, 0, 1, 0x1122334455667788], Told(loaded)[..4]);
        Assert.Equal(new byte[208], Specs(loaded)[1]);
    }

    [Theory]
    [InlineData(Executable)]
    [InlineData(Movable)]
    public void A_place_with_a_counter_is_reached_while_it_is_watched(string kind)
    {
        using var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), kind);
        Run(places);
        using var link = Attach.Usdt(loaded.Programs["any"], places, "weft", "counted");
        Run(places);
        Assert.Equal([1, 0, 1, 0x1122334455667788], Told(loaded)[..4]);
    }

    [Fact]
    public void Descriptions_are_shared_by_attachments_and_given_away_again()
    {
        using var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Movable);
        var program = loaded.Programs["any"];
        var twice = Attach.Usdt(program, places, "weft", "twice");
        using var counted = Attach.Usdt(program, places, "weft", "counted");
        Assert.Equal(new byte[208], Specs(loaded)[1]);
        twice.Dispose();
        using var other = Attach.Usdt(program, places, "weft", "counted", cookie: 1);
        Assert.NotEqual(new byte[208], Specs(loaded)[1]);
        counted.Dispose();
        using var last = Attach.Usdt(program, places, "weft", "none");
        Assert.Equal(0, Specs(loaded)[0][200]);
        Assert.Equal(new byte[208], Specs(loaded)[2]);
    }

    [Fact]
    public void No_more_places_are_attached_than_the_map_has_elements()
    {
        using var loaded = Load(spec => spec.Maps["__bpf_usdt_specs"].MaxEntries = 1);
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Movable);
        using var link = Attach.Usdt(loaded.Programs["any"], places, "weft", "twice");
        var error = Assert.Throws<BpfNotSupportedException>(() => Attach.Usdt(loaded.Programs["any"], places, "weft", "kinds"));
        Assert.Contains("BPF_USDT_MAX_SPEC_CNT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_names_a_place()
    {
        using var loaded = Load(spec => spec.Programs["named"].Target = Gcc.Places(Path.Combine(_folder.Path, "places"), Executable) + ":weft:kinds");
        using var link = Attach.Auto(loaded.Programs["named"]);
        Run(Path.Combine(_folder.Path, "places"));
        Assert.Equal([1, 0, 11], Told(loaded)[..3]);
    }

    [Fact]
    public void What_is_not_there_or_not_known_is_told_so()
    {
        using var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Executable);
        var program = loaded.Programs["any"];
        Assert.Contains(
            "has no place weft:nothing", Assert.Throws<KernelException>(() => Attach.Usdt(program, places, "weft", "nothing")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'8f@%xmm0'", Assert.Throws<BpfFormatException>(() => Attach.Usdt(program, places, "weft", "float")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "libbpf 1.7", Assert.Throws<BpfNotSupportedException>(() => Attach.Usdt(program, places, "weft", "indexed")).Message, StringComparison.Ordinal);
        Assert.Throws<KernelException>(() => Attach.Usdt(program, "/no/file", "weft", "kinds"));
        Assert.Throws<BpfFormatException>(() => Attach.Usdt(program, "/etc/passwd", "weft", "kinds"));
    }

    [Fact]
    public void An_argument_with_an_index_is_told_to_programs_that_know_it_wherever_they_want_it()
    {
        Privileged.Require();
        using var loaded = BpfObject.Load(ObjectSpec.Parse(Clang.Compile("usdt_index.bpf.c"), "usdt_index"));
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Movable);
        using var link = Attach.Usdt(loaded.Programs["any"], places, "weft", "indexed");
        Run(places);
        var told = new byte[64];
        Assert.True(loaded.Maps["told"].TryLookup(stackalloc byte[4], told));
        Assert.Equal([2, 1, 3, 8, 152, 80, 3, 0], MemoryMarshal.Cast<byte, long>(told).ToArray());
    }

    [Fact]
    public void A_forgotten_link_keeps_what_the_program_is_told()
    {
        var loaded = Load();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Movable);
        AttachAndForget(loaded, places);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Run(places);
        Assert.Equal([1, 5, 11], Told(loaded)[..3]);
        GC.KeepAlive(loaded);
    }

    /// <summary>The same executable, attached by libbpf: byte for byte the same descriptions.</summary>
    [Fact]
    public void Libbpf_tells_a_program_the_same()
    {
        Privileged.Require();
        Libbpf.Require();
        var places = Gcc.Places(Path.Combine(_folder.Path, "places"), Executable);
        var file = Path.Combine(_folder.Path, "usdt.o");
        File.WriteAllBytes(file, Bytes());
        foreach (var name in (string[])["kinds", "none", "twice", "counted"])
        {
            var theirs = Libbpf.UsdtSpecs(file, "any", places, "weft", name, 7, 3);
            using var loaded = Load();
            using var link = Attach.Usdt(loaded.Programs["any"], places, "weft", name, cookie: 7);
            Assert.Equal(theirs, Specs(loaded));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AttachAndForget(BpfObject loaded, string places) =>
        Attach.Usdt(loaded.Programs["any"], places, "weft", "kinds", cookie: 5);

    private static byte[] Bytes() => Clang.Compile("usdt.bpf.c", more: "-D__TARGET_ARCH_x86");

    private static BpfObject Load(Action<ObjectSpec>? change = null)
    {
        Privileged.Require();
        var spec = ObjectSpec.Parse(Bytes(), "usdt");
        spec.Programs["any"].Loads = spec.Programs["named"].Loads = true;
        change?.Invoke(spec);
        return BpfObject.Load(spec);
    }

    private static void Run(string executable)
    {
        using var process = Process.Start(executable);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static unsafe void Call(nint library) => ((delegate* unmanaged<void>)NativeLibrary.GetExport(library, "weft_places"))();

    private static long[] Told(BpfObject loaded)
    {
        var value = new byte[15 * 8];
        Assert.True(loaded.Maps["told"].TryLookup(stackalloc byte[4], value));
        return MemoryMarshal.Cast<byte, long>(value).ToArray();
    }

    private static byte[][] Specs(BpfObject loaded) =>
    [
        .. Enumerable.Range(0, 3).Select(i =>
        {
            var value = new byte[208];
            Assert.True(loaded.Maps["__bpf_usdt_specs"].TryLookup(BitConverter.GetBytes(i), value));
            return value;
        }),
    ];
}
