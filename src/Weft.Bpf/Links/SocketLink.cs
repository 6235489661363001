using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A program on a socket, which is an option of it.</summary>
internal sealed class SocketLink : BpfLink
{
    public const int Filter = 50, NoFilter = 27, Choice = 52, NoChoice = 68;

    private const int SocketLevel = 1;

    // A socket that is forgotten is closed, and the program goes with it.
    private readonly WeakReference<SafeHandle> _socket;
    private readonly (int Set, int Remove) _options;

    private SocketLink(BpfProgram program, SafeHandle socket, string hook, int set, int remove)
        : base(program.Kernel, program, hook)
    {
        _socket = new(socket);
        _options = (set, remove);
    }

    public override LinkInfo Info => throw Refused();

    /// <param name="set">The option that attaches.</param>
    /// <param name="remove">The option that detaches.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static SocketLink Attach(BpfProgram program, SafeHandle socket, string hook, int set, int remove)
    {
        var result = Set(program, socket, set);
        return result >= 0
            ? new(program, socket, hook, set, remove)
            : throw AttachHints.Refused(result, hook, "setsockopt", Hint(result, set));
    }

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program)
    {
        var result = _socket.TryGetTarget(out var socket) && !socket.IsClosed
            ? Set(program, socket, _options.Set)
            : -Errno.BadDescriptor;
        if (result < 0)
        {
            throw new KernelException((int)-result, $"{Hook}: update", Hint(result, _options.Set));
        }
    }

    private protected override void LetGo()
    {
        var result = Remove();
        if (result < 0 && result is not (-Errno.NoEntry or -Errno.BadDescriptor))
        {
            throw new KernelException((int)-result, $"{Hook}: detach", _options.Remove == NoChoice ? "it needs Linux 5.3" : null);
        }
    }

    private protected override void Release() => Remove();

    private static long Set(BpfProgram program, SafeHandle socket, int option)
    {
        using var use = new DescriptorUse(program.Descriptor);
        return With(program.Kernel, socket, option, (int)use.Number);
    }

    private static long With(IKernel kernel, SafeHandle socket, int option, int value)
    {
        var isUsed = false;
        try
        {
            socket.DangerousAddRef(ref isUsed);
            return kernel.SetSocketOption((int)socket.DangerousGetHandle(), SocketLevel, option, value);
        }
        finally
        {
            if (isUsed)
            {
                socket.DangerousRelease();
            }
        }
    }

    private static string? Hint(long result, int option) => result switch
    {
        -Errno.Invalid when option == Choice => "the socket has no SO_REUSEPORT, is not of the program's protocol, or the program is of another type",
        -Errno.Invalid => "the program is of another type",
        -Errno.BadDescriptor => "the socket is closed",
        -Errno.Permission => "the socket's filter is locked (SO_LOCK_FILTER)",
        _ => null,
    };

    private long Remove()
    {
        try
        {
            return _socket.TryGetTarget(out var socket) ? With(Kernel, socket, _options.Remove, 0) : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private BpfNotSupportedException Refused() => new($"{Hook}: a program on a socket is an option of the socket, and no link");
}
