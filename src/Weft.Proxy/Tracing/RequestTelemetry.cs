using System.Diagnostics;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Tracing;

/// <summary>
/// What one proxy tells of each request and each try. Costs two reads of a field where nobody listens.
/// </summary>
internal sealed class RequestTelemetry(string node, TimeProvider time, Func<double> dice)
{
    /// <returns>When it began, for <see cref="End"/>.</returns>
    public long Begin(Exchange exchange, ListenerView view)
    {
        if (view.Config.Tracing is { } tracing)
        {
            exchange.Trace = RequestTrace.Begin(exchange, view, tracing, node, dice);
        }

        return ProxyTelemetry.ServerDuration.Enabled ? time.GetTimestamp() : 0;
    }

    public void End(Exchange exchange, ListenerView view, long began)
    {
        exchange.Trace?.End(exchange);
        if (began != 0 && ProxyTelemetry.ServerDuration.Enabled)
        {
            var tags = Tags(exchange, exchange.Context.Response.StatusCode);
            tags.Add("url.scheme", exchange.Request.Scheme);
            tags.Add("network.protocol.version", Spans.VersionOf(exchange.Context.Request.Protocol));
            tags.Add("weft.listener", view.Config.StatPrefix);
            ProxyTelemetry.ServerDuration.Record(time.GetElapsedTime(began).TotalSeconds, tags);
        }
    }

    public (Activity? Span, long Began) BeginTry(Exchange exchange, UpstreamCluster cluster, Endpoint endpoint) =>
        (exchange.Trace?.BeginTry(exchange, cluster, endpoint),
        ProxyTelemetry.ClientDuration.Enabled ? time.GetTimestamp() : 0);

    public void EndTry(
        Exchange exchange, UpstreamCluster cluster, ForwarderError error, (Activity? Span, long Began) begun)
    {
        if (begun.Span is { } span)
        {
            RequestTrace.EndTry(span, exchange, error);
        }

        if (begun.Began != 0 && ProxyTelemetry.ClientDuration.Enabled)
        {
            var tags = Tags(exchange, exchange.UpstreamStatus);
            tags.Add("weft.upstream.cluster", cluster.Config.StatName);
            ProxyTelemetry.ClientDuration.Record(time.GetElapsedTime(begun.Began).TotalSeconds, tags);
        }
    }

    private TagList Tags(Exchange exchange, int status)
    {
        var method = exchange.Request.Method;
        var tags = new TagList
        {
            { "http.request.method", Spans.IsKnown(method) ? method : "_OTHER" },
            { ProxyTelemetry.Node, node },
        };
        if (status > 0)
        {
            tags.Add("http.response.status_code", status);
        }

        return tags;
    }
}
