namespace Weft.Bpf.Kernel;

/// <summary>Passes all that is asked on to another kernel, but for what a derived one answers itself.</summary>
/// <param name="below">The other; null for the kernel below this process.</param>
internal abstract class PassingKernel(IKernel? below = null) : IKernel
{
    protected IKernel Below { get; } = below ?? LinuxKernel.Instance;

    public virtual long Bpf(BpfCommand command, Span<byte> attributes) => Below.Bpf(command, attributes);

    public virtual long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) =>
        Below.PerfEventOpen(attributes, process, cpu, group, flags);

    public virtual long IoControl(int descriptor, ulong request, long argument) => Below.IoControl(descriptor, request, argument);

    public virtual long Open(string path, int flags) => Below.Open(path, flags);

    public virtual long Read(int descriptor, Span<byte> buffer) => Below.Read(descriptor, buffer);

    public virtual long ReadAt(int descriptor, Span<byte> buffer, long offset) => Below.ReadAt(descriptor, buffer, offset);

    public virtual long Write(int descriptor, ReadOnlySpan<byte> bytes) => Below.Write(descriptor, bytes);

    public virtual long Close(int descriptor) => Below.Close(descriptor);

    public virtual long Duplicate(int descriptor, int least) => Below.Duplicate(descriptor, least);

    public virtual nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        Below.Map(length, protection, flags, descriptor, offset);

    public virtual nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset) =>
        Below.MapAt(address, length, protection, flags, descriptor, offset);

    public virtual long Unmap(nint address, nint length) => Below.Unmap(address, length);

    public virtual long EventDescriptor() => Below.EventDescriptor();

    public virtual long EpollCreate() => Below.EpollCreate();

    public virtual long EpollAdd(int epoll, int descriptor, ulong tag) => Below.EpollAdd(epoll, descriptor, tag);

    public virtual long EpollAddWritable(int epoll, int descriptor, ulong tag) => Below.EpollAddWritable(epoll, descriptor, tag);

    public virtual long EpollWait(int epoll, Span<ulong> tags, int milliseconds) => Below.EpollWait(epoll, tags, milliseconds);

    public virtual long Rename(string from, string to) => Below.Rename(from, to);

    public virtual long Unlink(string path) => Below.Unlink(path);

    public virtual long RaiseLockedMemory() => Below.RaiseLockedMemory();

    public virtual long ReadLink(string path, Span<byte> target) => Below.ReadLink(path, target);

    public virtual long MemoryFile(string name) => Below.MemoryFile(name);

    public virtual long Socket(int domain, int type, int protocol) => Below.Socket(domain, type, protocol);

    public virtual long Send(int socket, ReadOnlySpan<byte> bytes) => Below.Send(socket, bytes);

    public virtual long Receive(int socket, Span<byte> buffer, int flags) => Below.Receive(socket, buffer, flags);

    public virtual long SetSocketOption(int socket, int level, int option, int value) => Below.SetSocketOption(socket, level, option, value);

    public virtual byte[]? ReadFile(string path) => Below.ReadFile(path);
}
