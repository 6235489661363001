using Weft.Bpf.Kernel;

namespace Weft.Bpf.Netlink;

/// <summary>
/// Asks the kernel for what is done by rtnetlink, in the network namespace of the thread that made it. It may be used by
/// several threads.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int Family = 16;
    private const int Raw = 3;
    private const int Route = 0;
    private const int Options = 270;
    private const int CappedAnswers = 10;
    private const int ExtendedAnswers = 11;
    private const int WholeSize = 0x20;

    // The kernel's own packets have at most 32 KiB; there are not more of them than an interface may have filters.
    private const int BufferSize = 65536;
    private const int MaxPackets = 4096;

    private readonly IKernel _kernel;
    private readonly BpfDescriptor _socket;
    private readonly Lock _lock = new();
    private uint _sequence;

    /// <exception cref="KernelException">There is none.</exception>
    public NetlinkSocket(IKernel kernel, string hook)
    {
        _kernel = kernel;
        _socket = BpfDescriptor.Of(kernel, kernel.Socket(Family, Raw, Route), $"attach {hook}: netlink socket");

        // Kernels before 4.12 know neither, and say less of an error.
        kernel.SetSocketOption(_socket.Number, Options, CappedAnswers, 1);
        kernel.SetSocketOption(_socket.Number, Options, ExtendedAnswers, 1);
    }

    /// <summary>Sends a request and reads all that is said to it.</summary>
    /// <exception cref="BpfFormatException">The answer is damaged.</exception>
    public NetlinkEnd Ask(NetlinkRequest request, Action<ushort, byte[]>? messages = null)
    {
        lock (_lock)
        {
            using var use = new DescriptorUse(_socket);
            var socket = (int)use.Number;
            var bytes = request.ToBytes(++_sequence);
            var sent = Again(() => _kernel.Send(socket, bytes));
            return sent < 0 ? new((int)sent, null) : Receive(socket, messages ?? ((_, _) => { }));
        }
    }

    public void Dispose() => _socket.Dispose();

    private NetlinkEnd Receive(int socket, Action<ushort, byte[]> messages)
    {
        var buffer = new byte[BufferSize];
        for (var packets = 0; packets < MaxPackets; packets++)
        {
            var size = Again(() => _kernel.Receive(socket, buffer, WholeSize));
            if (size < 0)
            {
                return new((int)size, null);
            }

            if (size == 0 || size > buffer.Length)
            {
                throw new BpfFormatException($"netlink answer: a packet of {size} bytes");
            }

            if (NetlinkAnswer.Read(buffer.AsSpan(0, (int)size), _sequence, messages) is { } end)
            {
                return end;
            }
        }

        throw new BpfFormatException($"netlink answer: it has no end after {MaxPackets} packets");
    }

    private static long Again(Func<long> call)
    {
        const int MaxTries = 30;
        long result;
        var tries = 0;
        do
        {
            result = call();
        }
        while (result == -Errno.Interrupted && ++tries < MaxTries);

        return result;
    }
}
