using System.Numerics;

namespace Weft.Bpf;

/// <summary>
/// Reads a ring buffer (<see cref="MapType.RingBuffer"/>, Linux 5.8): records of all processors in the order in which their
/// programs reserved them. Reading copies nothing and allocates nothing. There is one reader for a map, and one thread reads
/// at a time; <see cref="Wake"/> and <see cref="Dispose"/> are for any thread. A ring buffer does not tell what did not fit
/// into it: the program counts that.
/// </summary>
public sealed partial class RingBufferReader : IDisposable
{
    private readonly Lock _reading = new();
    private readonly BpfMap _map;
    private readonly Doorbell _doorbell;
    private readonly MappedMemory _position;
    private readonly MappedMemory _data;
    private readonly RingView _ring;
    private readonly CancellationTokenSource _disposing = new();
    private bool _isHanding;
    private volatile bool _isDisposed;

    /// <summary>Maps the ring into this process.</summary>
    /// <param name="map">The ring buffer, which must live as long as the reader.</param>
    /// <exception cref="ArgumentException">It is no ring buffer.</exception>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public unsafe RingBufferReader(BpfMap map)
    {
        if (map.Type != MapType.RingBuffer || !BitOperations.IsPow2(map.Spec.MaxEntries))
        {
            throw new ArgumentException(
                $"{map.Name} is no ring buffer of a size that is a power of two, but {map.Type} of {map.Spec.MaxEntries}", nameof(map));
        }

        _map = map;
        BufferSize = map.Spec.MaxEntries;
        var (kernel, page) = (map.Kernel, (long)Environment.SystemPageSize);
        _position = MappedMemory.Of(kernel, map.Descriptor, page, 0, writable: true, $"ring buffer {map.Name}: mmap position");
        try
        {
            // The kernel's position, then the data twice in a row.
            _data = MappedMemory.Of(
                kernel, map.Descriptor, page + (2L * BufferSize), page, writable: false, $"ring buffer {map.Name}: mmap data");
            _ring = new((ulong*)_position.Start, (ulong*)_data.Start, _data.Start + page, BufferSize);
            _doorbell = new(kernel);
            _doorbell.Add(map.Descriptor, 0);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Bytes of the ring.</summary>
    public uint BufferSize { get; }

    /// <summary>Bytes that wait to be read, with headers of eight bytes, and with records that are not finished.</summary>
    public long AvailableBytes
    {
        get
        {
            // Not under the lock, under which another thread may wait.
            using var position = _position.Use();
            using var data = _data.Use();
            return (long)_ring.Available;
        }
    }

    /// <summary>Hands on the records that are there, without waiting; at most as many bytes as the ring has.</summary>
    /// <param name="handler">Takes them. A record counts as read also when it throws.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="RingCorruptException">The ring is damaged.</exception>
    public int Consume(RingRecordHandler handler)
    {
        var called = new DelegateHandler(handler);
        return Consume(ref called);
    }

    /// <inheritdoc cref="Consume(RingRecordHandler)"/>
    public int Consume<T>(ref T handler)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Hand(ref handler);
        }
    }

    /// <summary>Hands on the records that are there; where there are none, waits for the first.</summary>
    /// <param name="handler">Takes them. A record counts as read also when it throws.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <returns>How many there were; 0 where the time was over, or the reader was woken or disposed.</returns>
    /// <exception cref="RingCorruptException">The ring is damaged.</exception>
    /// <exception cref="KernelException">The kernel refused to wait.</exception>
    public int Poll(RingRecordHandler handler, TimeSpan timeout)
    {
        var called = new DelegateHandler(handler);
        return Poll(ref called, timeout);
    }

    /// <inheritdoc cref="Poll(RingRecordHandler, TimeSpan)"/>
    public int Poll<T>(ref T handler, TimeSpan timeout)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var end = new Deadline(timeout);
            int count;
            do
            {
                count = Hand(ref handler);
                if (count == 0)
                {
                    // The kernel finishes a record and then looks where the reader is, to see if it must be woken. So here:
                    // say where we are, then look again for a finished record. Without the barrier both may look too early.
                    Interlocked.MemoryBarrier();
                    count = Hand(ref handler);
                }
            }
            while (count == 0 && !_isDisposed && _doorbell.Wait(end));

            return count;
        }
    }

    /// <summary>Ends the <see cref="Poll(RingRecordHandler, TimeSpan)"/> that waits, or the next that would.</summary>
    public void Wake() => _doorbell.Ring();

    /// <summary>Ends what waits, and unmaps the ring. May be called by a handler; then it is done when that returns.</summary>
    public void Dispose()
    {
        // In this order: who misses the bell sees that it is over.
        _isDisposed = true;
        _doorbell.Ring();

        // And who hands on copies may wait for room.
        _disposing.Cancel();
        lock (_reading)
        {
            if (!_isHanding)
            {
                Release();
            }
        }
    }

    private int Hand<T>(ref T handler)
        where T : struct, IRingRecordHandler, allows ref struct
    {
        if (_isHanding)
        {
            throw new InvalidOperationException("A handler of a ring buffer cannot read it.");
        }

        if (_isDisposed)
        {
            return 0;
        }

        _isHanding = true;
        try
        {
            return _ring.Consume(ref handler);
        }
        finally
        {
            _isHanding = false;
            if (_isDisposed)
            {
                Release();
            }
        }
    }

    private void Release()
    {
        _position.Dispose();
        _data?.Dispose();
        _doorbell?.Dispose();
        GC.KeepAlive(_map);
    }
}
