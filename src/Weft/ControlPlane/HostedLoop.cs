using System.Collections.Concurrent;

namespace Weft.ControlPlane;

/// <summary>
/// Runs one loop for as long as the host lives. A loop that ends by an exception takes the process with it: a control
/// plane that no longer follows its sources must not look alive.
/// </summary>
internal sealed partial class HostedLoop(
    string name,
    Func<CancellationToken, Task> run,
    LoopFailures failures,
    IHostApplicationLifetime lifetime,
    ILogger<HostedLoop> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await run(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            Log.LoopFailed(logger, e, name);
            failures.Add(name);
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The loop '{Loop}' failed; the process ends")]
        public static partial void LoopFailed(ILogger logger, Exception exception, string loop);
    }
}

/// <summary>The loops of a host that have failed; one is enough for the process to return a non-zero exit code.</summary>
internal sealed class LoopFailures
{
    private readonly ConcurrentQueue<string> _loops = [];

    public bool Any => !_loops.IsEmpty;

    public void Add(string loop) => _loops.Enqueue(loop);
}
