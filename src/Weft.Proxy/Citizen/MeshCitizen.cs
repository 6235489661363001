using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Weft.Proxy.Filters;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Citizen;

/// <summary>
/// The proxy within an application, from before the first of the application's services starts until after the last
/// has stopped. Peers are let in only between the two, while the application can answer.
/// </summary>
internal sealed class MeshCitizen(
    IOptions<WeftProxyOptions> options,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers,
    TimeProvider time,
    IEnumerable<IHttpFilterFactory> filters)
    : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<MeshCitizen>();
    private readonly InboundDoor _inbound = new(isOpen: false);
    private readonly TaskCompletionSource<ProxyHost> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProxyHost? _proxy;

    public string Node => options.Value.Node;

    /// <summary>The proxy, once it has started.</summary>
    public Task<ProxyHost> Started => _started.Task;

    /// <summary>What the proxy knows and does; null before it has started.</summary>
    public ProxyStatus? Status => Started.IsCompletedSuccessfully ? Started.Result.Status.Value : null;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _proxy = await ProxyHost.StartAsync(Settings(options.Value), loggers, cancellationToken);
        _started.SetResult(_proxy);
        _ = EndWithAsync(_proxy);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _inbound.Open();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_proxy is { } proxy)
        {
            // A proxy that failed will not tell that it has let the last one out.
            Task closed = Task.WhenAny(_inbound.CloseAsync(), proxy.Completion);
            await closed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _proxy, null) is { } proxy)
        {
            await proxy.DisposeAsync();
        }
    }

    // A container that is disposed synchronously refuses what can only be disposed asynchronously.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ProxySettings Settings(WeftProxyOptions told)
    {
        var (node, workload) = CitizenNode.Of(told);
        return new(told.Node, workload, told.ControlPlane, told.Admin, node)
        {
            Credentials = new()
            {
                AuthorityFile = told.CaFile,
                CertificateFile = told.CertificateFile,
                KeyFile = told.KeyFile,
                TokenFile = told.TokenFile,
            },
            DrainTimeout = told.DrainTimeout,
            Time = time,
            Inbound = _inbound,
            Filters = [.. filters],
        };
    }

    // An application whose proxy follows nobody must not look alive.
    private async Task EndWithAsync(ProxyHost proxy)
    {
        await proxy.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (proxy.Completion.Exception is { } failure)
        {
            CitizenLog.Failed(_logger, Node, failure);
            lifetime.StopApplication();
        }
    }
}
