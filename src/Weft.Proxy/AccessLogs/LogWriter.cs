using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Weft.Proxy.AccessLogs;

/// <summary>The loop that writes the lines of one target, as many at a time as there are.</summary>
/// <param name="open">Opens the target; called again after it failed.</param>
internal sealed class LogWriter(string name, Func<Stream> open, LogStats stats, ILogger logger)
{
    /// <summary>Beyond that lines are dropped and counted: requests do not wait for a slow disk.</summary>
    public const int MostWaiting = 8192;

    private const int BatchSize = 64 * 1024;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private Stream? _stream;
    private bool _failing;

    /// <summary>Takes a whole line. Never waits.</summary>
    public void Add(byte[] line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            stats.Dropped.Increment();
        }
    }

    /// <summary>No line comes any more: <see cref="RunAsync"/> ends after those that wait.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    public async Task RunAsync()
    {
        var batch = new ArrayBufferWriter<byte>(BatchSize);
        while (await _lines.Reader.WaitToReadAsync())
        {
            var count = 0;
            for (; batch.WrittenCount < BatchSize && _lines.Reader.TryRead(out var line); count++)
            {
                batch.Write(line);
            }

            (await TryWriteAsync(batch.WrittenMemory) ? stats.Written : stats.Dropped).Add(count);
            batch.ResetWrittenCount();
        }

        await CloseAsync();
    }

    private async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> lines)
    {
        try
        {
            _stream ??= open();
            await _stream.WriteAsync(lines);
            await _stream.FlushAsync();
            _failing = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (!_failing)
            {
                AccessLogging.Failed(logger, name, e.Message);
            }

            _failing = true;
            await CloseAsync();
            return false;
        }
    }

    private async ValueTask CloseAsync()
    {
        try
        {
            await using (_stream)
            {
                _stream = null;
            }
        }
        catch (IOException)
        {
            // What could not be written was told above.
        }
    }
}
