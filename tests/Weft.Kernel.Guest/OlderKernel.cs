using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest;

/// <summary>The kernel below, which hides what came late, so that the library takes the older way to the same end.</summary>
/// <param name="hasLinks">Whether it makes links.</param>
/// <param name="hasProbeEvents">Whether it has sources of events for probes, besides the lines of tracefs.</param>
internal sealed class OlderKernel(bool hasLinks, bool hasProbeEvents) : IKernel
{
    private const string ProbeEvents = "/sys/bus/event_source/devices/kprobe";

    private readonly LinuxKernel _below = LinuxKernel.Instance;

    public long Bpf(BpfCommand command, Span<byte> attributes) =>
        command == BpfCommand.LinkCreate && !hasLinks ? -Errno.Invalid : _below.Bpf(command, attributes);

    public long Open(string path, int flags) => IsHidden(path) ? -Errno.NoEntry : _below.Open(path, flags);

    public byte[]? ReadFile(string path) => IsHidden(path) ? null : _below.ReadFile(path);

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) =>
        _below.PerfEventOpen(attributes, process, cpu, group, flags);

    public long IoControl(int descriptor, ulong request, long argument) => _below.IoControl(descriptor, request, argument);

    public long Read(int descriptor, Span<byte> buffer) => _below.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => _below.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => _below.Write(descriptor, bytes);

    public long Close(int descriptor) => _below.Close(descriptor);

    public long Duplicate(int descriptor, int least) => _below.Duplicate(descriptor, least);

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        _below.Map(length, protection, flags, descriptor, offset);

    public long Unmap(nint address, nint length) => _below.Unmap(address, length);

    public long EventDescriptor() => _below.EventDescriptor();

    public long EpollCreate() => _below.EpollCreate();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => _below.EpollAdd(epoll, descriptor, tag);

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => _below.EpollWait(epoll, tags, milliseconds);

    public long Rename(string from, string to) => _below.Rename(from, to);

    public long Unlink(string path) => _below.Unlink(path);

    public long ReadLink(string path, Span<byte> target) => _below.ReadLink(path, target);

    private bool IsHidden(string path) => !hasProbeEvents && path.StartsWith(ProbeEvents, StringComparison.Ordinal);
}
