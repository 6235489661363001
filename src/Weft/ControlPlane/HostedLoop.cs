namespace Weft.ControlPlane;

/// <summary>
/// Runs one loop for as long as the host lives. A loop that ends by an exception takes the process with it: a control
/// plane that no longer follows its sources must not look alive.
/// </summary>
internal sealed partial class HostedLoop(
    string name, Func<CancellationToken, Task> run, IHostApplicationLifetime lifetime, ILogger<HostedLoop> logger)
    : BackgroundService
{
    /// <summary>What the process returns when a loop has failed.</summary>
    public const int FailedExitCode = 1;

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
            Environment.ExitCode = FailedExitCode;
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The loop '{Loop}' failed; the process ends")]
        public static partial void LoopFailed(ILogger logger, Exception exception, string loop);
    }
}
