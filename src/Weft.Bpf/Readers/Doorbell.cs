using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Waits until one of several descriptors is readable or writable, as wanted, or until it is rung.</summary>
internal sealed class Doorbell : IDisposable
{
    private const ulong BellTag = ulong.MaxValue;

    private readonly Lock _ringing = new();
    private readonly IKernel _kernel;
    private readonly BpfDescriptor _epoll;
    private readonly BpfDescriptor _bell;

    public Doorbell(IKernel kernel)
    {
        _kernel = kernel;
        _epoll = BpfDescriptor.Of(kernel, kernel.EpollCreate(), "epoll_create");
        _bell = BpfDescriptor.Of(kernel, kernel.EventDescriptor(), "eventfd");
        Add(_bell, BellTag);
    }

    public void Add(BpfDescriptor descriptor, ulong tag) => Check(_kernel.EpollAdd(_epoll.Number, descriptor.Number, tag));

    /// <summary>Waits also until a descriptor becomes writable.</summary>
    public void AddWritable(BpfDescriptor descriptor, ulong tag) =>
        Check(_kernel.EpollAddWritable(_epoll.Number, descriptor.Number, tag));

    /// <summary>Ends the wait of now, or the next.</summary>
    public void Ring()
    {
        // Number 1, as this machine has it.
        Span<byte> once = stackalloc byte[8];
        MemoryMarshal.Write(once, 1ul);
        lock (_ringing)
        {
            if (!_bell.IsClosed)
            {
                _kernel.Write(_bell.Number, once);
            }
        }
    }

    /// <summary>Waits.</summary>
    /// <returns>Whether a descriptor is ready; false where the time is over or the bell was rung.</returns>
    public bool Wait(Deadline end)
    {
        Span<ulong> tags = stackalloc ulong[8];
        while (true)
        {
            var count = _kernel.EpollWait(_epoll.Number, tags, end.Milliseconds);
            switch (count)
            {
                case -Errno.Interrupted:
                    continue;
                case < 0:
                    throw new KernelException((int)-count, "epoll_wait");
                default:
                    return Answer(tags[..(int)count]);
            }
        }
    }

    public void Dispose()
    {
        lock (_ringing)
        {
            _epoll.Dispose();
            _bell.Dispose();
        }
    }

    private static void Check(long result)
    {
        if (result < 0)
        {
            throw new KernelException((int)-result, "epoll_ctl");
        }
    }

    private bool Answer(ReadOnlySpan<ulong> tags)
    {
        if (tags.Contains(BellTag))
        {
            Span<byte> rings = stackalloc byte[8];
            _kernel.Read(_bell.Number, rings);
        }

        return tags.ContainsAnyExcept(BellTag);
    }
}
