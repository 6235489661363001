using Envoy.Config.Core.V3;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Filters;

/// <summary>What filters may use of the proxy that they are in. For any number of threads.</summary>
public sealed class HttpFilterHost
{
    private readonly ProxySettings _settings;
    private readonly ProxyStats _stats;
    private readonly ClusterCalls _calls;

    internal HttpFilterHost(ProxySettings settings, Node node, ProxyStats stats, ClusterCalls calls, ILoggerFactory loggers) =>
        (_settings, Node, _stats, _calls, Loggers) = (settings, node, stats, calls, loggers);

    /// <summary>What the proxy tells the control plane of itself.</summary>
    public Node Node { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _settings.Time;

    /// <summary>The proxy's log.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>Whether the proxy has a cluster at the moment.</summary>
    public bool HasCluster(string name) => _calls.Has(name);

    /// <summary>Sends a request to an endpoint of a cluster, and reads the answer as a whole.</summary>
    /// <param name="cluster">The name of the cluster.</param>
    /// <param name="request">Its address is a path alone; the endpoint is put before it.</param>
    /// <param name="mostBytes">The most that the body of the answer may have.</param>
    /// <exception cref="HttpRequestException">There is no such cluster, no healthy endpoint, or no answer.</exception>
    public Task<HttpFilterCallAnswer> CallAsync(
        string cluster, HttpRequestMessage request, int mostBytes, CancellationToken cancellation) =>
        _calls.SendAsync(cluster, request, mostBytes, cancellation);

    /// <summary>
    /// Sends a request to the control plane, over a connection of its own, with the proxy's certificate where it has one and
    /// without its token, and reads the answer as a whole.
    /// </summary>
    /// <param name="request">Its address is a path alone.</param>
    /// <param name="mostBytes">The most that the body of the answer may have.</param>
    /// <exception cref="HttpRequestException">There is no answer, or it is too large.</exception>
    /// <exception cref="IOException">The files of the credentials cannot be read.</exception>
    public async Task<HttpFilterCallAnswer> AskControlPlaneAsync(
        HttpRequestMessage request, int mostBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var invoker = new HttpMessageInvoker(_settings.Credentials.CreateHandler());
        request.RequestUri = new(_settings.ControlPlane, request.RequestUri!);
        (request.Version, request.VersionPolicy) = (System.Net.HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await invoker.SendAsync(request, cancellation);
        return await ClusterCalls.ReadAsync(response, mostBytes, cancellation);
    }

    /// <summary>A metric of the proxy's; the same for all who ask. Null where there are too many.</summary>
    /// <param name="name">It is shown as <c>wasmcustom.NAME</c>, as Envoy does for plugins.</param>
    public HttpFilterMetric? Metric(HttpFilterMetricKind kind, string name) => _stats.FilterMetric(kind, name);
}

/// <summary>An answer to a request of a filter's own.</summary>
/// <param name="Headers">Its headers, one for each value.</param>
/// <param name="Trailers">Its trailers; empty for none.</param>
public sealed record HttpFilterCallAnswer(
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<KeyValuePair<string, string>> Trailers);
