using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Routing;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Forwarding;

/// <summary>
/// Sends copies of requests whose answers nobody waits for. A copy is sent once its request is here as a whole; it
/// never delays the request or makes it fail.
/// </summary>
internal sealed class ShadowRequests(TimeProvider time, Func<double> dice, ILogger logger)
{
    /// <summary>The most copies under way in one proxy; further ones are dropped and counted.</summary>
    private const int Most = 256;

    /// <summary>How long a copy may take where its route has no timeout.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Breaker _underWay = new(Most);

    /// <summary>Decides which clusters get a copy, and sends each as soon as the request is here.</summary>
    public void Copy(Exchange exchange, ListenerView view, RouteAction.Forward route)
    {
        foreach (var mirror in route.Mirrors)
        {
            if ((mirror.Fraction < 1 && dice() >= mirror.Fraction)
                || !view.Clusters.TryGetValue(mirror.Cluster, out var cluster))
            {
                continue;
            }

            if (exchange.Body is { } body)
            {
                body.WhenWhole(kept => Start(exchange, view, route, mirror, cluster, kept));
            }
            else
            {
                Start(exchange, view, route, mirror, cluster, ReadOnlyMemory<byte>.Empty);
            }
        }
    }

    /// <summary>Host names as Envoy marks them: <c>reviews-shadow:9080</c>.</summary>
    internal static string Mark(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.IndexOf(']', colon) >= 0 ? $"{host}-shadow" : $"{host[..colon]}-shadow{host[colon..]}";
    }

    private void Start(
        Exchange exchange,
        ListenerView view,
        RouteAction.Forward route,
        MirrorPolicy mirror,
        UpstreamCluster cluster,
        ReadOnlyMemory<byte> body)
    {
        if (!_underWay.TryEnter())
        {
            cluster.Stats.ShadowOverflows.Increment();
            return;
        }

        if (!cluster.Pool.TryEnter())
        {
            // The cluster has just gone.
            _underWay.Leave();
            return;
        }

        _ = SendAsync(exchange, view, mirror, cluster, route.Timeout, body);
    }

    /// <summary>Up to its first wait it runs while the request's headers are still there to be copied.</summary>
    private async Task SendAsync(
        Exchange exchange,
        ListenerView view,
        MirrorPolicy mirror,
        UpstreamCluster cluster,
        TimeSpan? timeout,
        ReadOnlyMemory<byte> body)
    {
        cluster.Stats.Active.Increment();
        try
        {
            if (cluster.Balancer.Pick() is not { } endpoint)
            {
                cluster.Stats.NoneHealthy.Increment();
                return;
            }

            cluster.Stats.Requests.Increment();
            var config = view.RequestTo(cluster.Config.Protocol, exchange.Context.Request.Protocol);
            using var patience = new CancellationTokenSource(timeout ?? Longest, time);
            using var request = Build(exchange, mirror, endpoint, config.Version!, body);
            using var response = await cluster.Pool.Invoker.SendAsync(request, patience.Token);
            cluster.Stats.Responses.Add((int)response.StatusCode);
        }
        catch (Exception e)
        {
            // Whatever it is, it is nobody's but the copy's.
            ForwardingLog.ShadowFailed(logger, cluster.Config.Name, e);
            cluster.Stats.Responses.Add(StatusCodes.Status503ServiceUnavailable);
        }
        finally
        {
            cluster.Stats.Active.Decrement();
            cluster.Pool.Leave();
            _underWay.Leave();
        }
    }

    private static HttpRequestMessage Build(
        Exchange exchange,
        MirrorPolicy mirror,
        Weft.Proxy.Upstream.Endpoint endpoint,
        Version version,
        ReadOnlyMemory<byte> body)
    {
        var original = exchange.Context.Request;
        var host = exchange.Host ?? exchange.Request.Host;
        var request = new HttpRequestMessage(new(original.Method), exchange.UriAt(endpoint.Origin))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = exchange.Body is null ? null : new ReadOnlyMemoryContent(body),
        };
        foreach (var (name, values) in original.Headers)
        {
            if (!IsPerConnection(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.Host = mirror.MarkHost ? Mark(host) : host;
        return request;
    }

    private static bool IsPerConnection(string name) =>
        name.StartsWith(':') || name.ToLowerInvariant() is "host" or "connection" or "transfer-encoding" or "keep-alive"
            or "upgrade" or "proxy-connection" or "content-length" or "te" or "expect";
}
