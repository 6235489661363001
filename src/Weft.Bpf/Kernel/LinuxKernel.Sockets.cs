using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <content>Sockets.</content>
public sealed partial class LinuxKernel
{
    /// <inheritdoc/>
    public long Socket(int domain, int type, int protocol) => Result(OpenSocket(domain, type | CloseOnExec, protocol));

    /// <inheritdoc/>
    public unsafe long Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Result(SendBytes(socket, start, bytes.Length, 0));
        }
    }

    /// <inheritdoc/>
    public unsafe long Receive(int socket, Span<byte> buffer, int flags)
    {
        fixed (byte* start = buffer)
        {
            return Result(ReceiveBytes(socket, start, buffer.Length, flags));
        }
    }

    /// <inheritdoc/>
    public unsafe long SetSocketOption(int socket, int level, int option, int value) =>
        Result(SetOption(socket, level, option, &value, sizeof(int)));

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    private static unsafe partial nint SendBytes(int socket, byte* bytes, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static unsafe partial nint ReceiveBytes(int socket, byte* bytes, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static unsafe partial int SetOption(int socket, int level, int option, int* value, int size);
}
