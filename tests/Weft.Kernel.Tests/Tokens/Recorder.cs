using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Tokens;

/// <summary>Keeps all attributes of the last command; nothing else of it is asked.</summary>
internal sealed class Recorder(IKernel below, byte[] last) : IKernel
{
    public long Bpf(BpfCommand command, Span<byte> attributes)
    {
        Array.Clear(last);
        attributes.CopyTo(last);
        return 0;
    }

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) => -Errno.NotImplemented;

    public long IoControl(int descriptor, ulong request, long argument) => -Errno.NotImplemented;

    public long Open(string path, int flags) => -Errno.NotImplemented;

    public long Read(int descriptor, Span<byte> buffer) => -Errno.NotImplemented;

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => -Errno.NotImplemented;

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => -Errno.NotImplemented;

    public long Close(int descriptor) => below.Close(descriptor);

    public long Duplicate(int descriptor, int least) => -Errno.NotImplemented;

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) => -Errno.NotImplemented;

    public long Unmap(nint address, nint length) => -Errno.NotImplemented;

    public long EventDescriptor() => -Errno.NotImplemented;

    public long EpollCreate() => -Errno.NotImplemented;

    public long EpollAdd(int epoll, int descriptor, ulong tag) => -Errno.NotImplemented;

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => -Errno.NotImplemented;

    public byte[]? ReadFile(string path) => null;
}
