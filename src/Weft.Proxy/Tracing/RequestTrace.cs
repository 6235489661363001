using System.Diagnostics;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Tracing;

/// <summary>
/// The trace that one request belongs to. The headers that go on name the span that is recorded here; where none is,
/// because nobody listens or the trace is not sampled, they name the caller's, so that the trace stays in one piece.
/// </summary>
internal sealed class RequestTrace
{
    private readonly Activity? _span;
    private readonly bool _spansTries;
    private readonly string _node;

    private RequestTrace(ActivityTraceId traceId, Activity? span, bool spansTries, string node)
    {
        TraceId = traceId;
        _span = span;
        _spansTries = spansTries;
        _node = node;
    }

    public ActivityTraceId TraceId { get; }

    /// <summary>Continues the caller's trace, or begins one, and puts it into the headers that go on.</summary>
    public static RequestTrace Begin(
        Exchange exchange, ListenerView view, TracingConfig config, string node, Func<double> dice)
    {
        var headers = exchange.Request.Headers;
        var isContinued = TraceParent.TryRead(headers, out var parent);
        if (!isContinued)
        {
            // "If the vendor failed to parse traceparent, it MUST NOT attempt to parse tracestate."
            headers.Remove("tracestate");
            var flags = config.Samples(dice) ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None;
            parent = new(ActivityTraceId.CreateRandom(), default, flags, null, isRemote: true);
        }

        var isCaller = !config.SpansTries && !view.Config.IsInbound;
        var span = Spans.Start(isCaller ? ActivityKind.Client : ActivityKind.Server, exchange, parent);
        if (span is not null)
        {
            headers.TraceParent = TraceParent.Write(span.Context);
            Spans.Describe(span, exchange, view, config, node);
        }
        else if (!isContinued)
        {
            headers.TraceParent = TraceParent.Write(
                new(parent.TraceId, ActivitySpanId.CreateRandom(), parent.TraceFlags));
        }

        return new(parent.TraceId, span, config.SpansTries, node);
    }

    /// <summary>Begins the span of a try, and names it in the headers that go on; null where there is none.</summary>
    public Activity? BeginTry(Exchange exchange, UpstreamCluster cluster, Endpoint endpoint)
    {
        if (_span is null || !_spansTries
            || Spans.Start(ActivityKind.Client, exchange, _span.Context) is not { } span)
        {
            return null;
        }

        exchange.Request.Headers.TraceParent = TraceParent.Write(span.Context);
        Spans.DescribeTry(span, exchange, cluster, endpoint, _node);
        return span;
    }

    public static void EndTry(Activity span, Exchange exchange, ForwarderError error)
    {
        if (exchange.UpstreamStatus is > 0 and var status)
        {
            Spans.EndWith(span, status, firstError: 400);
        }

        if (error != ForwarderError.None && exchange.Retries is not { Again: true })
        {
            Spans.Fail(span, TryOutcome.FlagsOf(exchange, error).Text());
        }

        span.Dispose();
    }

    public void End(Exchange exchange)
    {
        if (_span is null)
        {
            return;
        }

        Spans.Conclude(_span, exchange);
        _span.Dispose();
    }
}
