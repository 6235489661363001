using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// An object that libbpf has opened. Links of its programs hold a reference, since some of them use what belongs to it.
/// </summary>
internal sealed unsafe class LibbpfObject : SafeHandle
{
    private LibbpfObject(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>What guards it: libbpf leaves that to who calls it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Its programs by their names.</summary>
    public Dictionary<string, nint> Programs { get; } = [];

    /// <summary>Its maps as a spec calls them: sections of data by the sections' names.</summary>
    public Dictionary<string, nint> Maps { get; } = [];

    /// <param name="types">The file of the types that it is relocated by, which is read when it is loaded; null for the kernel's.</param>
    /// <exception cref="BpfFormatException">libbpf does not open it.</exception>
    public static LibbpfObject Open(ObjectSpec spec, string? pinFolder, string? types, LibbpfMessages messages)
    {
        fixed (byte* file = spec.File!.Value.Span)
        fixed (byte* name = Text(spec.Name))
        fixed (byte* pins = Text(pinFolder))
        fixed (byte* path = Text(types))
        {
            var options = new LibbpfOpenOptions
            {
                Size = (nuint)sizeof(LibbpfOpenOptions),
                Name = name,
                PinFolder = pins,
                Types = path,
            };
            var opened = LibbpfCalls.ObjectOpen(file, (nuint)spec.File.Value.Length, &options);
            var error = Marshal.GetLastPInvokeError();
            if (opened == 0)
            {
                throw new BpfFormatException($"libbpf does not open {spec.Name}: {LibbpfErrors.Text(error, messages)}");
            }

            var made = new LibbpfObject(opened);
            made.Read(spec);
            return made;
        }
    }

    protected override bool ReleaseHandle()
    {
        LibbpfCalls.ObjectClose(handle);
        return true;
    }

    private static byte[]? Text(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text + '\0');

    private void Read(ObjectSpec spec)
    {
        for (var program = LibbpfCalls.NextProgram(this, 0); program != 0; program = LibbpfCalls.NextProgram(this, program))
        {
            Programs[Marshal.PtrToStringUTF8(LibbpfCalls.ProgramName(program))!] = program;
        }

        for (var map = LibbpfCalls.NextMap(this, 0); map != 0; map = LibbpfCalls.NextMap(this, map))
        {
            var name = Marshal.PtrToStringUTF8(LibbpfCalls.MapName(map))!;

            // Named after the object, too: "tracer.rodata".
            var section = LibbpfCalls.MapIsData(map)
                ? spec.Maps.Keys.FirstOrDefault(m => m.StartsWith('.') && name.EndsWith(m, StringComparison.Ordinal))
                : null;
            Maps[section ?? name] = map;
        }
    }
}
