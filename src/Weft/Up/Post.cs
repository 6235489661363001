using System.Net;
using Weft.Model;

namespace Weft.Up;

/// <summary>One workload at work: its proxy and, where the manifest gives a command, its application.</summary>
internal sealed class Post(Workload workload, IDataPlane plane) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);

    private ChildProgram? _application;

    public Workload Workload { get; } = workload;

    public Uri Stats => plane.Stats;

    /// <summary>Whether the proxy that runs would do for the workload as it is now.</summary>
    public bool Fits(Workload now) => Workload == now with { Services = Workload.Services, Labels = Workload.Labels };

    public void StartApplication(Action<string> say)
    {
        if (Workload.Run is { } run)
        {
            _application ??= ChildProgram.Start(WorkloadProgram.Spec(Workload, run), say);
        }
    }

    /// <summary>Waits until the application accepts connections.</summary>
    public async Task AppListensAsync(CancellationToken cancellation)
    {
        if (Workload is not { Run: not null, AppPort: { } port })
        {
            return;
        }

        while (!await LoopbackPort.AnswersAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation))
        {
            await Task.Delay(BetweenProbes, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First the application, so that it meets a proxy to its end.
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        await plane.DisposeAsync();
    }
}
