using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A place of USDT, as an attachment needs it.</summary>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Counter">Where in the file its counter lies; 0 for none.</param>
/// <param name="Address">Where it is in memory; in a file that may lie anywhere, the address that the file has it at.</param>
internal sealed record UsdtPlace(ulong Offset, uint Counter, ulong Address, ImmutableArray<UsdtArgument> Arguments)
{
    private const string Base = ".stapsdt.base";
    private const ushort Fixed = 2;
    private const ushort Movable = 3;

    /// <summary>All places of a name in a file.</summary>
    /// <returns>The places, and whether the file may lie anywhere in memory.</returns>
    /// <exception cref="KernelException">The file has none, or cannot be read.</exception>
    /// <exception cref="BpfFormatException">The file is damaged.</exception>
    /// <exception cref="BpfNotSupportedException">It is for another machine.</exception>
    public static (IReadOnlyList<UsdtPlace> Places, bool IsMovable) Find(FileBytes file, string provider, string name, string hook)
    {
        var view = ElfView.Open(file);
        if (view.IsBigEndian == BitConverter.IsLittleEndian || view.Type is not (Fixed or Movable) || view.Machine != Machine)
        {
            throw new BpfNotSupportedException($"attach {hook}: {file.Name} is no executable or library for this machine");
        }

        List<UsdtPlace> places =
        [
            .. UsdtNote.Read(view, file.Name).Where(n => n.Provider == provider && n.Name == name).Select(n => Of(view, n, file.Name)),
        ];
        return places.Count > 0
            ? (places, view.Type == Movable)
            : throw AttachHints.Refused(
                -Errno.NoEntry, hook, "notes", $"{file.Name} has no place {provider}:{name} (readelf -n lists those that it has)");
    }

    /// <summary>The place of a note.</summary>
    public static UsdtPlace Of(ElfView view, UsdtNote note, string file)
    {
        // Tools that move an executable do not change its notes; how far they moved it, the section tells.
        var moved = note.Base != 0 && view.Section(Base) is { Address: not 0 } section ? section.Address - note.Base : 0;
        var address = note.Location + moved;
        if (view.Segment(address) is not { IsExecutable: true } segment)
        {
            throw new BpfFormatException($"{file}: {note.Provider}:{note.Name} at 0x{address:x} is in no segment that executes");
        }

        return new(
            segment.OffsetOf(address), note.Counter == 0 ? 0 : CounterOf(view, note, note.Counter + moved, file), address,
            UsdtArguments.Parse(note.Arguments, view.Machine));
    }

    private static ushort Machine => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => UsdtArguments.X64,
        Architecture.Arm64 => UsdtArguments.Arm64,
        _ => 0,
    };

    private static uint CounterOf(ElfView view, UsdtNote note, ulong address, string file) =>
        view.Segment(address) is { IsExecutable: false } segment && segment.OffsetOf(address) is > 0 and <= uint.MaxValue and var offset
            ? (uint)offset
            : throw new BpfFormatException($"{file}: the counter of {note.Provider}:{note.Name} at 0x{address:x} is in no segment of data");
}
