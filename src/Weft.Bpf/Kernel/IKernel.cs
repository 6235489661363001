namespace Weft.Bpf.Kernel;

/// <summary>
/// All that Weft.Bpf asks of a kernel: each system call is one method, and nothing else of the library makes any. A fake
/// stands in for it in tests. Results below zero are errors, as the kernel has them: <c>-EINVAL</c> is -22.
/// </summary>
public interface IKernel
{
    /// <summary><c>bpf(2)</c>.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="attributes">
    /// The attributes of the command as <c>union bpf_attr</c> has them; addresses in them are of this process. The kernel
    /// writes its answers there.
    /// </param>
    public long Bpf(BpfCommand command, Span<byte> attributes);

    /// <summary><c>perf_event_open(2)</c>.</summary>
    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags);

    /// <summary><c>ioctl(2)</c>.</summary>
    public long IoControl(int descriptor, ulong request, long argument);

    /// <summary><c>open(2)</c>, with <c>O_CLOEXEC</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flags">0 to read, 1 to write, 2 for both; 02000 appends, 010000000 asks for no more than a path.</param>
    public long Open(string path, int flags);

    /// <summary><c>read(2)</c>.</summary>
    public long Read(int descriptor, Span<byte> buffer);

    /// <summary><c>pread(2)</c>: reads from a place of a file, in bytes.</summary>
    public long ReadAt(int descriptor, Span<byte> buffer, long offset);

    /// <summary><c>write(2)</c>.</summary>
    public long Write(int descriptor, ReadOnlySpan<byte> bytes);

    /// <summary><c>close(2)</c>.</summary>
    public long Close(int descriptor);

    /// <summary><c>fcntl(F_DUPFD_CLOEXEC)</c>: another descriptor of the same, not below the given number.</summary>
    public long Duplicate(int descriptor, int least);

    /// <summary><c>mmap(2)</c>: an address, or an error between -4095 and -1.</summary>
    public nint Map(nint length, int protection, int flags, int descriptor, long offset);

    /// <summary>
    /// <c>mmap(2)</c> at an address where nothing else is (<c>MAP_FIXED_NOREPLACE</c>, Linux 4.17); 0 lets the kernel choose
    /// one.
    /// </summary>
    public nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset) => -Errno.NotImplemented;

    /// <summary><c>munmap(2)</c>.</summary>
    public long Unmap(nint address, nint length);

    /// <summary><c>eventfd2(2)</c>, not blocking.</summary>
    public long EventDescriptor();

    /// <summary><c>epoll_create1(2)</c>.</summary>
    public long EpollCreate();

    /// <summary><c>epoll_ctl(2)</c>, to add a descriptor that is to be readable.</summary>
    /// <param name="tag">What <see cref="EpollWait"/> tells of it.</param>
    public long EpollAdd(int epoll, int descriptor, ulong tag);

    /// <summary>
    /// <c>epoll_ctl(2)</c>, to add a descriptor that is to be writable: <see cref="EpollWait"/> tells of it once each time that
    /// it may have become so.
    /// </summary>
    /// <param name="tag">What <see cref="EpollWait"/> tells of it.</param>
    public long EpollAddWritable(int epoll, int descriptor, ulong tag) => -Errno.NotImplemented;

    /// <summary><c>epoll_wait(2)</c>.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="tags">Takes the tags of what is readable.</param>
    /// <param name="milliseconds">How long to wait; -1 without end.</param>
    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds);

    /// <summary><c>rename(2)</c>: takes the place of what is there.</summary>
    public long Rename(string from, string to) => -Errno.NotImplemented;

    /// <summary><c>unlink(2)</c>.</summary>
    public long Unlink(string path) => -Errno.NotImplemented;

    /// <summary><c>prlimit(2)</c>: lifts the limit of memory that this process may lock.</summary>
    /// <returns>1 where it was lower, 0 where there was none.</returns>
    public long RaiseLockedMemory() => -Errno.NotImplemented;

    /// <summary><c>readlink(2)</c>: what a symbolic link names, without an end.</summary>
    /// <returns>How many bytes it has written.</returns>
    public long ReadLink(string path, Span<byte> target) => -Errno.NotImplemented;

    /// <summary><c>memfd_create(2)</c>, to be closed on exec: a file of memory.</summary>
    /// <param name="name">What the system shows of it.</param>
    public long MemoryFile(string name) => -Errno.NotImplemented;

    /// <summary><c>socket(2)</c>, with <c>SOCK_CLOEXEC</c>.</summary>
    public long Socket(int domain, int type, int protocol) => -Errno.NotImplemented;

    /// <summary><c>send(2)</c>.</summary>
    public long Send(int socket, ReadOnlySpan<byte> bytes) => -Errno.NotImplemented;

    /// <summary><c>recv(2)</c>.</summary>
    /// <returns>The bytes of the whole packet, also where <c>MSG_TRUNC</c> is given and the buffer holds fewer.</returns>
    public long Receive(int socket, Span<byte> buffer, int flags) => -Errno.NotImplemented;

    /// <summary><c>setsockopt(2)</c> with a number.</summary>
    public long SetSocketOption(int socket, int level, int option, int value) => -Errno.NotImplemented;

    /// <summary>The whole content of a file of <c>/proc</c> or <c>/sys</c>; null where it cannot be read.</summary>
    public byte[]? ReadFile(string path);
}
