using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Stats;

namespace Weft.Proxy.AccessLogs;

/// <summary>The targets of access logs, each with its writer. Only the data plane's loop calls it.</summary>
/// <param name="broken">Fails where a writer broke, which it never should.</param>
internal sealed class AccessLogSet(
    ProxySettings settings, ProxyStats stats, TaskCompletionSource broken, ILogger logger)
{
    /// <summary>Others may read the file, and move it away.</summary>
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly Dictionary<string, (LogWriter Writer, Task Loop)> _open = new(StringComparer.Ordinal);

    /// <summary>The logs with their writers, which run from now on.</summary>
    public ImmutableArray<AccessLog> Open(ImmutableArray<AccessLogConfig> configs) =>
        [.. configs.Select(c => new AccessLog(c.Format, WriterOf(c)))];

    /// <summary>Ends the writers of other targets, after their last lines.</summary>
    public void Keep(IReadOnlySet<string> targets)
    {
        foreach (var (name, target) in _open.Where(o => !targets.Contains(o.Key)).ToArray())
        {
            target.Writer.Complete();
            _open.Remove(name);
            stats.ForgetLog(name);
        }
    }

    /// <summary>Writes what waits, within the drain timeout.</summary>
    public async Task CloseAsync()
    {
        var loops = _open.Values.Select(o => o.Loop).ToArray();
        Keep(ImmutableHashSet<string>.Empty);
        try
        {
            await Task.WhenAll(loops).WaitAsync(settings.DrainTimeout, settings.Time);
        }
        catch (TimeoutException)
        {
            // Nobody reads the output; a proxy that ends does not wait for it.
        }
    }

    private LogWriter WriterOf(AccessLogConfig config)
    {
        var name = config.Name;
        if (_open.TryGetValue(name, out var open))
        {
            return open.Writer;
        }

        var writer = new LogWriter(name, () => OpenStream(config.Target), stats.LogOf(name), logger);
        _open.Add(name, (writer, RunAsync(writer)));
        return writer;
    }

    private async Task RunAsync(LogWriter writer)
    {
        try
        {
            await writer.RunAsync();
        }
        catch (Exception e)
        {
            broken.TrySetException(e);
        }
    }

    private Stream OpenStream(string? path) => path is null
        ? settings.AccessLogOutput?.Invoke() ?? Console.OpenStandardOutput()
        : new FileStream(path, FileMode.Append, FileAccess.Write, Sharing, bufferSize: 0);
}
