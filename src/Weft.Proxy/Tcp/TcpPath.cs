using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Tcp;

/// <summary>The way of a connection that carries bytes: choose a cluster and an endpoint, connect, pass on.</summary>
internal sealed class TcpPath(TimeProvider time, Func<double> dice, ILogger logger)
{
    /// <summary>Ends when the connection has; never fails.</summary>
    /// <param name="caller">The accepted socket; disposed of here.</param>
    /// <param name="current">
    /// The listener's view of the moment; null where the listener passes no bytes any more.
    /// </param>
    /// <param name="abort">Cuts the connection.</param>
    public async Task ProcessAsync(Socket caller, Func<TcpView?> current, CancellationToken abort)
    {
        using var socket = caller;
        if (current() is not { } view)
        {
            TcpLog.NotBytes(logger);
            return;
        }

        var stats = view.Stats;
        stats.Connections.Increment();
        stats.Active.Increment();
        try
        {
            while (view is not null && !await TryProcessAsync(caller, view, abort))
            {
                // The cluster's pool went between the two reads; then a newer view was published before it went.
                view = current();
            }
        }
        catch (Exception e) when (
            e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two sides went, or there is no time left: there is nothing more to be done.
            TcpLog.Cut(logger, view?.Config.StatPrefix ?? "", e.Message);
        }
        catch (Exception e)
        {
            // One connection's failure must not become the proxy's.
            TcpLog.Broken(logger, view?.Config.StatPrefix ?? "", e);
        }
        finally
        {
            stats.Active.Decrement();
        }
    }

    private async ValueTask<bool> TryProcessAsync(Socket caller, TcpView view, CancellationToken abort)
    {
        var name = view.Config.Pick(dice());
        if (!view.Clusters.TryGetValue(name, out var cluster) || cluster.Config.LooksUp)
        {
            view.Stats.NoRoute.Increment();
            TcpLog.NoCluster(logger, name);
            return true;
        }

        if (!cluster.Pool.TryEnter())
        {
            return false;
        }

        try
        {
            if (!cluster.Pool.Connections.TryEnter())
            {
                cluster.Stats.ConnectionOverflows.Increment();
                TcpLog.Overflow(logger, cluster.Config.Name);
                return true;
            }

            try
            {
                await PassAsync(caller, view, cluster, abort);
                return true;
            }
            finally
            {
                cluster.Pool.Connections.Leave();
            }
        }
        finally
        {
            cluster.Pool.Leave();
        }
    }

    private async Task PassAsync(Socket caller, TcpView view, UpstreamCluster cluster, CancellationToken abort)
    {
        var (endpoint, service) = await ConnectAsync(view.Config, cluster, abort);
        if (endpoint is null || service is null)
        {
            return;
        }

        endpoint.State.Active.Increment();
        try
        {
            using var pump = new BytePump(caller, service, view.Config.IdleTimeout, time);
            await pump.RunAsync(view.Stats, abort);
        }
        finally
        {
            endpoint.State.Active.Decrement();
        }
    }

    private async ValueTask<(Upstream.Endpoint?, Socket?)> ConnectAsync(
        TcpConfig config, UpstreamCluster cluster, CancellationToken abort)
    {
        for (var attempt = 0; attempt < config.ConnectAttempts; attempt++)
        {
            if (cluster.Balancer.Pick() is not { } endpoint)
            {
                cluster.Stats.NoneHealthy.Increment();
                TcpLog.NoEndpoint(logger, cluster.Config.Name);
                return default;
            }

            try
            {
                var service = await cluster.Pool.ConnectAsync(endpoint.Address, abort);
                cluster.Report(endpoint, StatusCodes.Status200OK, time.GetUtcNow());
                return (endpoint, service);
            }
            catch (UpstreamConnectException e)
            {
                // As Envoy counts it: for outlier detection a failed connect is a 503.
                cluster.Report(endpoint, StatusCodes.Status503ServiceUnavailable, time.GetUtcNow());
                TcpLog.NotConnected(logger, cluster.Config.Name, e.Message);
            }
        }

        return default;
    }
}
