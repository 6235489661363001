using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Stage;

/// <summary>A kernel that takes whatever it is given, and looks at nothing: what a loader does before it asks is all that can fail.</summary>
internal sealed class BlindKernel : IKernel
{
    private static readonly LinuxKernel Below = LinuxKernel.Instance;

    public long Bpf(BpfCommand command, Span<byte> attributes) => command switch
    {
        BpfCommand.MapCreate or BpfCommand.ProgramLoad or BpfCommand.BtfLoad or BpfCommand.LinkCreate => Below.EventDescriptor(),
        BpfCommand.BtfGetNextId or BpfCommand.ObjectGet => -Errno.NoEntry,
        _ => 0,
    };

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => -Errno.NoEntry;

    public long IoControl(int descriptor, ulong request, long argument) => 0;

    public long Open(string path, int flags) => Below.Open(path, flags);

    public long Read(int descriptor, Span<byte> buffer) => Below.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => Below.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => bytes.Length;

    public long Close(int descriptor) => Below.Close(descriptor);

    public long Duplicate(int descriptor, int least) => Below.Duplicate(descriptor, least);

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        Below.Map(length, protection, flags, descriptor, offset);

    // No map is there; memory that nobody else has, and that costs nothing until it is written.
    public nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset) =>
        Below.Map(length, protection, 0x4022, -1, 0);

    public long Unmap(nint address, nint length) => Below.Unmap(address, length);

    public long EventDescriptor() => Below.EventDescriptor();

    public long EpollCreate() => Below.EpollCreate();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => Below.EpollAdd(epoll, descriptor, tag);

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => Below.EpollWait(epoll, tags, milliseconds);

    public long Unlink(string path) => 0;

    public byte[]? ReadFile(string path) => path switch
    {
        "/proc/modules" => [],

        // The real one has megabytes.
        "/proc/kallsyms" => [.. "ffffffff81000000 T bpf_prog_put\n"u8],
        _ => Below.ReadFile(path),
    };
}
