using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Weft.Bpf;

public sealed partial class RingBufferReader
{
    private const int Waiting = 1024;

    /// <summary>
    /// The records as copies, as they come. A thread of its own reads while they are enumerated; when the caller is slower
    /// than the records it stops after 1024, and then the ring fills. For many records in a second,
    /// <see cref="Poll(RingRecordHandler, TimeSpan)"/> is cheaper.
    /// </summary>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The records, until the reader is disposed.</returns>
    /// <exception cref="RingCorruptException">The ring is damaged.</exception>
    public async IAsyncEnumerable<byte[]> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var channel = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        var pump = Task.Factory.StartNew(
            () => Pump(channel.Writer, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var record in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return record;
            }
        }
        finally
        {
            await end.CancelAsync();
            await pump;
        }
    }

    private void Pump(ChannelWriter<byte[]> records, CancellationToken end)
    {
        using var waking = end.Register(Wake);
        Exception? error = null;
        try
        {
            while (!_isDisposed && !end.IsCancellationRequested)
            {
                Poll(Hand, Timeout.InfiniteTimeSpan);
            }
        }
        catch (Exception e) when (e is BpfException or OperationCanceledException or ObjectDisposedException)
        {
            error = e is BpfException ? e : null;
        }

        records.Complete(error);

        void Hand(ReadOnlySpan<byte> record)
        {
            var copy = record.ToArray();
            if (!records.TryWrite(copy))
            {
                // This thread is ours: it may wait.
                records.WriteAsync(copy, end).AsTask().GetAwaiter().GetResult();
            }
        }
    }
}
