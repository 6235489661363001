using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <summary>The kernel below this process.</summary>
public sealed partial class LinuxKernel : IKernel
{
    private const int DuplicateCloseOnExec = 1030;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int EpollAddOperation = 1;
    private const uint EpollIn = 1;
    private const uint EpollOut = 4;
    private const uint EpollEdge = 1u << 31;
    private const int MaxEvents = 64;
    private const int LockedMemoryLimit = 8;
    private const int FixedNoReplace = 0x100000;

    // As asm/unistd.h has them for this machine.
    private static readonly int BpfNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;
    private static readonly int PerfNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298 : 241;

    private LinuxKernel()
    {
    }

    /// <summary>The only one.</summary>
    public static LinuxKernel Instance { get; } = new();

    /// <inheritdoc/>
    public unsafe long Bpf(BpfCommand command, Span<byte> attributes)
    {
        fixed (byte* bytes = attributes)
        {
            return Result(Syscall(BpfNumber, (long)command, (long)bytes, attributes.Length, 0, 0));
        }
    }

    /// <inheritdoc/>
    public unsafe long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags)
    {
        fixed (byte* bytes = attributes)
        {
            return Result(Syscall(PerfNumber, (long)bytes, process, cpu, group, (long)flags));
        }
    }

    /// <inheritdoc/>
    public long IoControl(int descriptor, ulong request, long argument) => Result(Ioctl(descriptor, (nuint)request, (nint)argument));

    /// <inheritdoc/>
    public long Open(string path, int flags) => ResultOfPath(OpenFile(path, flags | CloseOnExec, 0));

    /// <inheritdoc/>
    public unsafe long Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return Result(ReadBytes(descriptor, bytes, buffer.Length));
        }
    }

    /// <inheritdoc/>
    public unsafe long ReadAt(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* bytes = buffer)
        {
            return Result(ReadBytesAt(descriptor, bytes, buffer.Length, offset));
        }
    }

    /// <inheritdoc/>
    public unsafe long Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Result(WriteBytes(descriptor, start, bytes.Length));
        }
    }

    /// <inheritdoc/>
    public long Close(int descriptor) => Result(CloseDescriptor(descriptor));

    /// <inheritdoc/>
    public long Unlink(string path) => ResultOfPath(UnlinkFile(path));

    /// <inheritdoc/>
    public unsafe long ReadLink(string path, Span<byte> target)
    {
        fixed (byte* bytes = target)
        {
            return ResultOfPath(ReadLinkAt(path, bytes, target.Length));
        }
    }

    /// <inheritdoc/>
    public long Duplicate(int descriptor, int least) => Result(Control(descriptor, DuplicateCloseOnExec, least));

    /// <inheritdoc/>
    public nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        MapAt(0, length, protection, flags, descriptor, offset);

    /// <inheritdoc/>
    public nint MapAt(nint address, nint length, int protection, int flags, int descriptor, long offset)
    {
        var result = MapMemory(address, length, protection, flags | (address == 0 ? 0 : FixedNoReplace), descriptor, offset);
        return result == -1 ? -Marshal.GetLastSystemError() : result;
    }

    /// <inheritdoc/>
    public long Unmap(nint address, nint length) => Result(UnmapMemory(address, length));

    /// <inheritdoc/>
    public long EventDescriptor() => Result(EventFd(0, CloseOnExec | NonBlocking));

    /// <inheritdoc/>
    public long EpollCreate() => Result(EpollCreate1(CloseOnExec));

    /// <inheritdoc/>
    public long EpollAdd(int epoll, int descriptor, ulong tag) => EpollAdd(epoll, descriptor, EpollIn, tag);

    /// <inheritdoc/>
    public long EpollAddWritable(int epoll, int descriptor, ulong tag) => EpollAdd(epoll, descriptor, EpollOut | EpollEdge, tag);

    /// <inheritdoc/>
    public unsafe long EpollWait(int epoll, Span<ulong> tags, int milliseconds)
    {
        var bytes = stackalloc byte[MaxEvents * 16];
        var size = TagAt + 8;
        var count = Result(EpollWaitFor(epoll, bytes, Math.Min(tags.Length, MaxEvents), milliseconds));
        for (var i = 0; i < count; i++)
        {
            tags[i] = *(ulong*)(bytes + (i * size) + TagAt);
        }

        return count;
    }

    /// <inheritdoc/>
    public long Rename(string from, string to) => ResultOfPath(RenameFile(from, to));

    /// <inheritdoc/>
    public unsafe long RaiseLockedMemory()
    {
        var none = stackalloc[] { ulong.MaxValue, ulong.MaxValue };
        var before = stackalloc ulong[2];
        var result = Result(Limit(0, LockedMemoryLimit, none, before));
        return result < 0 ? result : before[0] == ulong.MaxValue ? 0 : 1;
    }

    /// <inheritdoc/>
    public long MemoryFile(string name) => ResultOfPath(CreateMemoryFile(name, 1));

    /// <inheritdoc/>
    public byte[]? ReadFile(string path)
    {
        try
        {
            // To the end, whatever its length: files of /sys say that they have a page.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static unsafe long EpollAdd(int epoll, int descriptor, uint events, ulong tag)
    {
        // struct epoll_event is packed on x86-64 alone.
        var bytes = stackalloc byte[16];
        *(uint*)bytes = events;
        *(ulong*)(bytes + TagAt) = tag;
        return Result(EpollControl(epoll, EpollAddOperation, descriptor, bytes));
    }

    private static int TagAt => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    // Asked for only where there is one: to clear and keep errno around each call is dearer than the rest of it. Nothing
    // comes between the call and this, and the runtime keeps errno while a thread comes back from a call.
    private static long Result(long value) => value < 0 ? -Marshal.GetLastSystemError() : value;

    // What marshals a path frees it behind the call, so that errno was kept for it.
    private static long ResultOfPath(long value) => value < 0 ? -Marshal.GetLastPInvokeError() : value;

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Syscall(long number, long a, long b, long c, long d, long e);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint ReadBytes(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "pread")]
    private static unsafe partial nint ReadBytesAt(int descriptor, byte* buffer, nint size, long offset);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkFile(string path);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint ReadLinkAt(string path, byte* target, nint size);

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint WriteBytes(int descriptor, byte* bytes, nint size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MapMemory(nint address, nint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnmapMemory(nint address, nint length);

    [LibraryImport("libc", EntryPoint = "prlimit64")]
    private static unsafe partial int Limit(int process, int resource, ulong* limits, ulong* before);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    private static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    private static partial int EpollCreate1(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static unsafe partial int EpollControl(int epoll, int operation, int descriptor, byte* @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static unsafe partial int EpollWaitFor(int epoll, byte* events, int most, int milliseconds);
}
