using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// Reads what programs give to <c>bpf_perf_event_output</c> (<see cref="MapType.PerfEventArray"/>, Linux 4.4): a ring for each
/// processor that is online when the reader is made (<see cref="Refresh"/> adds those that come later), read one after the
/// other, so that records are in order only for each. It tells how many were lost. Since Linux 5.8, ring buffers are better. One thread reads at a time; <see cref="Wake"/> and
/// <see cref="Dispose"/> are for any thread. Needs <c>CAP_PERFMON</c>.
/// </summary>
public sealed class PerfBufferReader : IDisposable
{
    private readonly Lock _reading = new();
    private readonly BpfMap _map;
    private readonly PerfBufferSettings _settings;
    private readonly Doorbell _doorbell;
    private readonly List<PerfBufferRing> _rings = [];
    private readonly byte[] _whole = new byte[PerfRingView.MaxRecord];
    private ulong _lost;
    private bool _isHanding;
    private volatile bool _isDisposed;

    /// <summary>Opens an event on each processor, maps its ring, and puts it into the map.</summary>
    /// <param name="map">The perf buffer, which must live as long as the reader.</param>
    /// <param name="settings">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no perf buffer, or its pages are no power of two.</exception>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public PerfBufferReader(BpfMap map, PerfBufferSettings? settings = null)
    {
        settings ??= new();
        if (map.Type != MapType.PerfEventArray || !System.Numerics.BitOperations.IsPow2(settings.PagesPerProcessor))
        {
            throw new ArgumentException(
                $"{map.Name}: it is {map.Type}, with {settings.PagesPerProcessor} pages; it must be PerfEventArray, with a power of two");
        }

        _map = map;
        _settings = settings;
        _doorbell = new(map.Kernel);
        try
        {
            OpenOnline();
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Records that did not fit into their rings, as far as the kernel has told.</summary>
    public ulong LostRecords => Volatile.Read(ref _lost);

    /// <summary>How many processors have a ring.</summary>
    public int Processors => _rings.Count;

    /// <summary>
    /// Opens rings for processors that have come online since. What programs send on one that has no ring is refused to them
    /// (<c>ENOENT</c>), and not counted as lost. To be called by whoever hears of a new processor, or now and then.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public int Refresh()
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var before = _rings.Count;
            OpenOnline();
            return _rings.Count - before;
        }
    }

    /// <summary>Hands on the records that are there, without waiting.</summary>
    /// <param name="handler">Takes them. A record counts as read also when it throws.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="RingCorruptException">A ring is damaged.</exception>
    public int Consume(PerfRecordHandler handler)
    {
        var called = new DelegatePerfHandler(handler);
        return Consume(ref called);
    }

    /// <inheritdoc cref="Consume(PerfRecordHandler)"/>
    public int Consume<T>(ref T handler)
        where T : struct, IPerfRecordHandler, allows ref struct
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Hand(ref handler);
        }
    }

    /// <summary>Hands on the records that are there; where there are none, waits until the kernel wakes the reader.</summary>
    /// <param name="handler">Takes them. A record counts as read also when it throws.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <returns>How many there were; 0 where the time was over, or the reader was woken or disposed.</returns>
    /// <exception cref="RingCorruptException">A ring is damaged.</exception>
    /// <exception cref="KernelException">The kernel refused to wait.</exception>
    public int Poll(PerfRecordHandler handler, TimeSpan timeout)
    {
        var called = new DelegatePerfHandler(handler);
        return Poll(ref called, timeout);
    }

    /// <inheritdoc cref="Poll(PerfRecordHandler, TimeSpan)"/>
    public int Poll<T>(ref T handler, TimeSpan timeout)
        where T : struct, IPerfRecordHandler, allows ref struct
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var end = new Deadline(timeout);
            int count;
            do
            {
                // What comes after this has woken its event, which stays so until it is asked.
                count = Hand(ref handler);
            }
            while (count == 0 && !_isDisposed && _doorbell.Wait(end));

            return count;
        }
    }

    /// <summary>Ends the <see cref="Poll(PerfRecordHandler, TimeSpan)"/> that waits, or the next that would.</summary>
    public void Wake() => _doorbell.Ring();

    /// <summary>Ends what waits, and closes the events. May be called by a handler; then it is done when that returns.</summary>
    public void Dispose()
    {
        // In this order: who misses the bell sees that it is over.
        _isDisposed = true;
        _doorbell.Ring();
        lock (_reading)
        {
            if (!_isHanding)
            {
                Release();
            }
        }
    }

    private void OpenOnline()
    {
        foreach (var cpu in ProcessorList.Online(_map.Kernel).Where(cpu => cpu < _map.Spec.MaxEntries && !_rings.Exists(r => r.Processor == cpu)))
        {
            Open(cpu);
        }
    }

    private void Open(int cpu)
    {
        var (kernel, hook) = (_map.Kernel, $"perf buffer {_map.Name} of processor {cpu}");
        var result = PerfEvents.TryOpen(kernel, _settings.Attributes, -1, cpu);
        if (result == -Errno.NoDevice)
        {
            // It went offline meanwhile.
            return;
        }

        var @event = result >= 0
            ? BpfDescriptor.Of(kernel, result, hook)
            : throw AttachHints.Refused(result, hook, "perf_event_open");
        PerfBufferRing? ring = null;
        try
        {
            ring = new(kernel, @event, cpu, _settings.PagesPerProcessor);
            PerfEvents.TurnOn(kernel, @event, hook);
            _doorbell.Add(@event, (ulong)cpu);
            Put(cpu, @event, hook);
            _rings.Add(ring);
        }
        catch
        {
            ring?.Dispose();
            @event.Dispose();
            throw;
        }
    }

    private unsafe void Put(int cpu, BpfDescriptor @event, string hook)
    {
        var (key, value) = ((uint)cpu, (uint)@event.Number);
        var attributes = new ElementAttributes { Map = (uint)_map.Descriptor.Number, Key = (ulong)&key, Value = (ulong)&value };
        var result = _map.Kernel.Call(BpfCommand.MapUpdateElement, ref attributes);
        if (result < 0)
        {
            throw AttachHints.Refused(result, hook, "map_update");
        }
    }

    private int Hand<T>(ref T handler)
        where T : struct, IPerfRecordHandler, allows ref struct
    {
        if (_isHanding)
        {
            throw new InvalidOperationException("A handler of a perf buffer cannot read it.");
        }

        var count = 0;
        _isHanding = true;
        try
        {
            for (var i = 0; i < _rings.Count && !_isDisposed; i++)
            {
                count += _rings[i].Consume(ref handler, _whole, ref _lost);
            }
        }
        finally
        {
            _isHanding = false;
            if (_isDisposed)
            {
                Release();
            }
        }

        return count;
    }

    private void Release()
    {
        _rings.ForEach(ring => ring.Dispose());
        _doorbell.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ElementAttributes
    {
        public ulong Map;
        public ulong Key;
        public ulong Value;
        public ulong Flags;
    }

    private readonly struct DelegatePerfHandler(PerfRecordHandler handler) : IPerfRecordHandler
    {
        public void Record(int cpu, ReadOnlySpan<byte> record) => handler(cpu, record);

        public void Lost(int cpu, ulong count)
        {
            // LostRecords has it.
        }
    }
}
