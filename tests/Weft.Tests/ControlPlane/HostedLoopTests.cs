using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Commands;
using Weft.ControlPlane;

namespace Weft.Tests.ControlPlane;

public sealed class HostedLoopTests
{
    [Fact]
    public async Task A_loop_that_fails_stops_its_host_which_then_returns_1()
    {
        var started = new TaskCompletionSource();
        await using var app = AppWith(async _ =>
        {
            await started.Task;
            throw new InvalidOperationException("broken");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        started.SetResult();
        await app.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, ControlPlaneHost.ExitCode(app));
    }

    [Fact]
    public async Task A_loop_that_fails_at_once_does_so_too()
    {
        await using var app = AppWith(_ => throw new InvalidOperationException("broken"));
        await Listening.StartAsync(app, TestContext.Current.CancellationToken);
        await app.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, ControlPlaneHost.ExitCode(app));
    }

    [Fact]
    public async Task A_loop_that_is_asked_to_stop_is_no_failure()
    {
        await using var app = AppWith(stopping => Task.Delay(Timeout.InfiniteTimeSpan, stopping));
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, ControlPlaneHost.ExitCode(app));
    }

    private static WebApplication AppWith(Func<CancellationToken, Task> loop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<LoopFailures>();
        builder.Services.AddSingleton<IHostedService>(p => new HostedLoop(
            "test", loop, p.GetRequiredService<LoopFailures>(), p.GetRequiredService<IHostApplicationLifetime>(),
            p.GetRequiredService<ILogger<HostedLoop>>()));
        return builder.Build();
    }
}
