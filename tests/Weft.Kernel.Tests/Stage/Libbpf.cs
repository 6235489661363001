using System.Runtime.InteropServices;
using Weft.Bpf.Assembly;

namespace Weft.Kernel.Tests.Stage;

/// <summary>libbpf, the measure of what a loader does: what it sends to the kernel for each program of an object.</summary>
internal static partial class Libbpf
{
    private const string Library = "libbpf.so.1";

    // What it prints is the whole process's: it is told to be quiet once, before anybody listens.
    private static readonly Lazy<bool> IsThere = new(() => NativeLibrary.TryLoad(Library, out _) && SetPrint(0) != -1);

    /// <summary>What became of a program.</summary>
    /// <param name="Error">0, or the error above zero.</param>
    /// <param name="Code">The instructions as they were sent; none where it was refused.</param>
    public sealed record Verdict(int Error, Instruction[] Code);

    /// <summary>Skips the test where there is no libbpf.</summary>
    public static void Require() => Assert.SkipUnless(IsThere.Value, $"{Library} is not installed");

    /// <summary>Loads each program of an object alone; null where the object cannot be opened.</summary>
    /// <param name="types">A file of types to relocate by; null for the kernel's.</param>
    public static Dictionary<string, Verdict>? LoadEach(string file, string? types = null)
    {
        var first = Open(file, types);
        if (first == 0)
        {
            return null;
        }

        var names = Programs(first).Select(Name).ToList();
        Close(first);
        return names.ToDictionary(name => name, name => LoadOne(file, name, types));
    }

    private static unsafe Verdict LoadOne(string file, string name, string? types)
    {
        var handle = Open(file, types);
        try
        {
            nint chosen = 0;
            foreach (var program in Programs(handle))
            {
                _ = SetAutoload(program, Name(program) == name);
                chosen = Name(program) == name ? program : chosen;
            }

            for (var map = NextMap(handle, 0); map != 0; map = NextMap(handle, map))
            {
                _ = SetPinPath(map, null);
            }

            var result = Load(handle);
            return result != 0
                ? new(-result, [])
                : new(0, new ReadOnlySpan<Instruction>((void*)Instructions(chosen), (int)InstructionCount(chosen)).ToArray());
        }
        finally
        {
            Close(handle);
        }
    }

    private static unsafe nint Open(string file, string? types)
    {
        // struct bpf_object_open_opts: its size, then up to btf_custom_path.
        var options = stackalloc nint[8];
        new Span<nint>(options, 8).Clear();
        options[0] = 7 * sizeof(nint);
        options[6] = types is null ? 0 : Marshal.StringToCoTaskMemUTF8(types);
        return OpenFile(file, (nint)options);
    }

    private static IEnumerable<nint> Programs(nint handle)
    {
        for (var program = NextProgram(handle, 0); program != 0; program = NextProgram(handle, program))
        {
            yield return program;
        }
    }

    private static string Name(nint program) => Marshal.PtrToStringUTF8(NameOf(program))!;

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    private static partial nint SetPrint(nint print);

    [LibraryImport(Library, EntryPoint = "bpf_object__open_file", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFile(string path, nint options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    private static partial int Load(nint handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    private static partial void Close(nint handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_program")]
    private static partial nint NextProgram(nint handle, nint program);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_map")]
    private static partial nint NextMap(nint handle, nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_pin_path", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetPinPath(nint map, string? path);

    [LibraryImport(Library, EntryPoint = "bpf_program__name")]
    private static partial nint NameOf(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_autoload")]
    private static partial int SetAutoload(nint program, [MarshalAs(UnmanagedType.U1)] bool autoload);

    [LibraryImport(Library, EntryPoint = "bpf_program__insns")]
    private static partial nint Instructions(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__insn_cnt")]
    private static partial nint InstructionCount(nint program);
}
