using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Stage;

/// <summary>A kernel that takes whatever it is given, and looks at nothing: what a loader does before it asks is all that can fail.</summary>
internal sealed class BlindKernel : PassingKernel
{
    public override long Bpf(BpfCommand command, Span<byte> attributes) => command switch
    {
        BpfCommand.MapCreate or BpfCommand.ProgramLoad or BpfCommand.BtfLoad or BpfCommand.LinkCreate => Below.EventDescriptor(),
        BpfCommand.BtfGetNextId or BpfCommand.ObjectGet => -Errno.NoEntry,
        _ => 0,
    };

    public override long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => -Errno.NoEntry;

    public override long IoControl(int descriptor, ulong request, long argument) => 0;

    public override long Write(int descriptor, ReadOnlySpan<byte> bytes) => bytes.Length;

    public override long Rename(string from, string to) => 0;

    public override long Unlink(string path) => 0;

    // No map is there; memory that nobody else has, and that costs nothing until it is written.
    public override nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset) =>
        Below.Map(length, protection, 0x4022, -1, 0);

    public override byte[]? ReadFile(string path) => path switch
    {
        "/proc/modules" => [],

        // The real one has megabytes.
        "/proc/kallsyms" => [.. "ffffffff81000000 T bpf_prog_put\n"u8],
        _ => Below.ReadFile(path),
    };
}
