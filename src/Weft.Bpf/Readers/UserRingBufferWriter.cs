using System.Numerics;

namespace Weft.Bpf;

/// <summary>
/// Writes a user ring buffer (<see cref="MapType.UserRingBuffer"/>, Linux 6.1): records for programs, which take them with
/// <c>bpf_user_ringbuf_drain</c> whenever they run; nothing wakes a program. Records are written where they lie, and nothing is
/// allocated for them. There is one writer for a map; several threads may use it.
/// </summary>
public sealed class UserRingBufferWriter : IDisposable
{
    private readonly Lock _reserving = new();
    private readonly Lock _waiting = new();
    private readonly BpfMap _map;
    private readonly Doorbell _doorbell;
    private readonly MappedMemory _position;
    private readonly MappedMemory _data;
    private readonly UserRingView _ring;
    private volatile bool _isDisposed;

    /// <summary>Maps the ring into this process.</summary>
    /// <param name="map">The user ring buffer, which must live as long as the writer.</param>
    /// <exception cref="ArgumentException">It is no user ring buffer.</exception>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public unsafe UserRingBufferWriter(BpfMap map)
    {
        if (map.Type != MapType.UserRingBuffer || !BitOperations.IsPow2(map.Spec.MaxEntries))
        {
            throw new ArgumentException(
                $"{map.Name} is no user ring buffer of a size that is a power of two, but {map.Type} of {map.Spec.MaxEntries}", nameof(map));
        }

        _map = map;
        BufferSize = map.Spec.MaxEntries;
        var (kernel, page) = (map.Kernel, (long)Environment.SystemPageSize);
        _position = MappedMemory.Of(kernel, map.Descriptor, page, 0, writable: false, $"user ring buffer {map.Name}: mmap position");
        try
        {
            // The position of this side, then the data twice in a row.
            _data = MappedMemory.Of(
                kernel, map.Descriptor, page + (2L * BufferSize), page, writable: true, $"user ring buffer {map.Name}: mmap data");
            _ring = new((ulong*)_position.Start, (ulong*)_data.Start, _data.Start + page, BufferSize);
            _doorbell = new(kernel);
            _doorbell.AddWritable(map.Descriptor, 0);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Bytes of the ring.</summary>
    public uint BufferSize { get; }

    /// <summary>The most bytes that a record may have.</summary>
    public int MaxRecordSize => _ring.MaxLength;

    /// <summary>Bytes that may be reserved now, with headers of eight bytes.</summary>
    /// <exception cref="RingCorruptException">The ring is damaged.</exception>
    public long FreeBytes
    {
        get
        {
            using var position = _position.Use();
            using var data = _data.Use();
            return (long)_ring.Free;
        }
    }

    /// <summary>Reserves a record, without waiting.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="record">The record, to be submitted or discarded; nothing where there is no room.</param>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The ring can never hold so many.</exception>
    /// <exception cref="RingCorruptException">The ring is damaged.</exception>
    public bool TryReserve(int size, out UserRingRecord record)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxRecordSize);
        return Reserve(size, out record);
    }

    /// <summary>
    /// Reserves a record; where there is no room, waits until a program has drained some. One that drains with
    /// <c>BPF_RB_NO_WAKEUP</c> wakes nobody.
    /// </summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <returns>Whether there was room; false where the time was over, or the writer was woken or disposed.</returns>
    /// <exception cref="KernelException">The kernel refused to wait.</exception>
    /// <inheritdoc cref="TryReserve(int, out UserRingRecord)"/>
    public bool TryReserve(int size, TimeSpan timeout, out UserRingRecord record)
    {
        var end = new Deadline(timeout);
        if (TryReserve(size, out record))
        {
            return true;
        }

        // The kernel tells one thread when room was made, so only one may wait for it.
        if (!_waiting.TryEnter(end.Milliseconds))
        {
            return false;
        }

        try
        {
            var isReserved = false;
            while (!_isDisposed && !(isReserved = Reserve(size, out record)) && _doorbell.Wait(end))
            {
                // There is more room than before, maybe not yet enough.
            }

            // Room that came as the time went.
            return isReserved || (!_isDisposed && Reserve(size, out record));
        }
        finally
        {
            _waiting.Exit();
        }
    }

    /// <summary>Copies a record into the ring and submits it, without waiting.</summary>
    /// <returns>Whether there was room.</returns>
    /// <inheritdoc cref="TryReserve(int, out UserRingRecord)"/>
    public bool TryWrite(ReadOnlySpan<byte> bytes) => TryReserve(bytes.Length, out var record) && Write(record, bytes);

    /// <summary>Copies a record into the ring and submits it; waits for room where there is none.</summary>
    /// <inheritdoc cref="TryReserve(int, TimeSpan, out UserRingRecord)"/>
    public bool TryWrite(ReadOnlySpan<byte> bytes, TimeSpan timeout) =>
        TryReserve(bytes.Length, timeout, out var record) && Write(record, bytes);

    /// <summary>Ends what waits for room, or would wait next.</summary>
    public void Wake() => _doorbell.Ring();

    /// <summary>Ends what waits, and unmaps the ring when the last record that is reserved was submitted or discarded.</summary>
    public void Dispose()
    {
        // In this order: who misses the bell sees that it is over.
        _isDisposed = true;
        _doorbell.Ring();
        lock (_waiting)
        {
            Release();
        }
    }

    internal bool TryFinish(ulong position, int length, bool isDiscarded)
    {
        // Where the ring is unmapped, no record is reserved any more.
        if (_position.IsClosed || !_ring.TryFinish(position, length, isDiscarded))
        {
            return false;
        }

        _data.DangerousRelease();
        _position.DangerousRelease();
        return true;
    }

    private static bool Write(UserRingRecord record, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(record.Bytes);
        record.Submit();
        return true;
    }

    // A record holds the memory until it is finished.
    private bool Reserve(int size, out UserRingRecord record)
    {
        var (hasPosition, hasData, isReserved) = (false, false, false);
        record = default;
        try
        {
            _position.DangerousAddRef(ref hasPosition);
            _data.DangerousAddRef(ref hasData);
            ulong position;
            lock (_reserving)
            {
                isReserved = _ring.TryReserve(size, out position);
            }

            record = isReserved ? new(this, position, _ring.Record(position, size)) : default;
            return isReserved;
        }
        finally
        {
            if (hasData && !isReserved)
            {
                _data.DangerousRelease();
            }

            if (hasPosition && !isReserved)
            {
                _position.DangerousRelease();
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
