using System.Runtime.InteropServices;
using Weft.Bpf.Assembly;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// The functions of libbpf 1.0 that are used, under its names without their prefixes. They are bound when the first is called.
/// Results below zero are errors of the kernel, or of libbpf from 4000 on; where a pointer is returned, the error is errno.
/// </summary>
internal static unsafe partial class LibbpfCalls
{
    private const string Library = LibbpfLibrary.FileName;

    [LibraryImport(Library, EntryPoint = "libbpf_major_version")]
    public static partial uint MajorVersion();

    [LibraryImport(Library, EntryPoint = "libbpf_minor_version")]
    public static partial uint MinorVersion();

    [LibraryImport(Library, EntryPoint = "libbpf_strerror")]
    public static partial int ErrorText(int error, byte* text, nuint size);

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(nint function);

    // A list of arguments is passed by its address on the machines that .NET has Linux for, so that it can be handed on.
    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    public static partial int Format(byte* text, nuint size, byte* format, nint arguments);

    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial nint ObjectOpen(byte* file, nuint size, LibbpfOpenOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int ObjectLoad(LibbpfObject handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_program")]
    public static partial nint NextProgram(LibbpfObject handle, nint program);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_map")]
    public static partial nint NextMap(LibbpfObject handle, nint map);

    [LibraryImport(Library, EntryPoint = "bpf_program__name")]
    public static partial nint ProgramName(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramDescriptor(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__insns")]
    public static partial Instruction* ProgramCode(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__insn_cnt")]
    public static partial nuint ProgramLength(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_autoload")]
    public static partial int ProgramLoads(nint program, [MarshalAs(UnmanagedType.U1)] bool loads);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_type")]
    public static partial int ProgramType(nint program, uint type);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_expected_attach_type")]
    public static partial int ProgramAttachType(nint program, uint type);

    [LibraryImport(Library, EntryPoint = "bpf_program__flags")]
    public static partial uint ProgramFlags(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_flags")]
    public static partial int ProgramSetFlags(nint program, uint flags);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_attach_target", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ProgramTarget(nint program, int other, string? name);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_log_level")]
    public static partial int ProgramLogLevel(nint program, uint level);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_log_buf")]
    public static partial int ProgramLog(nint program, byte* log, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_program__attach", SetLastError = true)]
    public static partial nint ProgramAttach(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_map__name")]
    public static partial nint MapName(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__is_internal")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MapIsData(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapDescriptor(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int MapReuse(nint map, int descriptor);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_autocreate")]
    public static partial int MapIsMade(nint map, [MarshalAs(UnmanagedType.U1)] bool isMade);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_pin_path", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MapPin(nint map, string? path);

    [LibraryImport(Library, EntryPoint = "bpf_map__inner_map")]
    public static partial nint MapInner(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_type")]
    public static partial int MapType(nint map, uint type);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_key_size")]
    public static partial int MapKeySize(nint map, uint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_value_size")]
    public static partial int MapValueSize(nint map, uint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int MapMaxEntries(nint map, uint count);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_map_flags")]
    public static partial int MapFlags(nint map, uint flags);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_numa_node")]
    public static partial int MapNumaNode(nint map, uint node);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_map_extra")]
    public static partial int MapExtra(nint map, ulong extra);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_initial_value")]
    public static partial int MapValue(nint map, byte* value, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__attach_struct_ops", SetLastError = true)]
    public static partial nint MapAttach(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_link__fd")]
    public static partial int LinkDescriptor(LibbpfLinkHandle link);

    [LibraryImport(Library, EntryPoint = "bpf_link__disconnect")]
    public static partial void LinkDisconnect(LibbpfLinkHandle link);

    [LibraryImport(Library, EntryPoint = "bpf_link__destroy")]
    public static partial int LinkDestroy(nint link);
}
