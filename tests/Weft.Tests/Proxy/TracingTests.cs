using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Envoy.Config.Trace.V3;
using Envoy.Extensions.AccessLoggers.Stream.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Tracing;
using AccessLog = Envoy.Config.Accesslog.V3.AccessLog;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Tests.Proxy;

/// <summary>The spans of the proxy, the headers that carry its traces on, and the meter beside them.</summary>
public sealed class TracingTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";
    private const string Sampled = $"00-{Trace}-{Caller}-01";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Sampled, true, true)]
    [InlineData($"00-{Trace}-{Caller}-00", true, false)]
    [InlineData($"00-{Trace}-{Caller}-03", true, true)]
    [InlineData($"cc-{Trace}-{Caller}-01-more", true, true)]
    [InlineData($"cc-{Trace}-{Caller}-01", true, true)]
    [InlineData($"cc-{Trace}-{Caller}-01more", false, false)]
    [InlineData($"00-{Trace}-{Caller}-01-more", false, false)]
    [InlineData($"ff-{Trace}-{Caller}-01", false, false)]
    [InlineData($"00-00000000000000000000000000000000-{Caller}-01", false, false)]
    [InlineData($"00-{Trace}-0000000000000000-01", false, false)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false, false)]
    [InlineData($"00_{Trace}_{Caller}_01", false, false)]
    [InlineData($"00-{Trace}-{Caller}-0", false, false)]
    [InlineData($"00-{Trace}-{Caller}-0x", false, false)]
    [InlineData("", false, false)]
    public void A_caller_s_trace_is_read_as_W3C_says(string header, bool isKnown, bool isSampled)
    {
        var headers = new HeaderDictionary { ["traceparent"] = header };
        Assert.Equal(isKnown, TraceParent.TryRead(headers, out var context));
        Assert.Equal(isSampled, (context.TraceFlags & ActivityTraceFlags.Recorded) != 0);
        if (isKnown)
        {
            Assert.Equal((Trace, Caller), (context.TraceId.ToHexString(), context.SpanId.ToHexString()));
        }
    }

    [Fact]
    public void Two_headers_are_none()
    {
        var headers = new HeaderDictionary { ["traceparent"] = new([Sampled, Sampled]) };
        Assert.False(TraceParent.TryRead(headers, out _));
    }

    // The caller's header, the share of new traces that are recorded, the dice; whether the caller's header goes on as
    // it came, and else how the new one ends. Nobody listens here.
    [Theory]
    [InlineData(Sampled, 0, 0, true, "")]
    [InlineData($"00-{Trace}-{Caller}-00", 100, 0, true, "")]
    [InlineData(null, 100, 0.99, false, "-01")]
    [InlineData(null, 0, 0, false, "-00")]
    [InlineData(null, 50, 0.49, false, "-01")]
    [InlineData(null, 50, 0.5, false, "-00")]
    [InlineData("nonsense", 100, 0, false, "-01")]
    public void Without_a_listener_the_caller_s_trace_goes_on_and_a_new_one_is_begun_where_there_is_none(
        string? header, double percent, double dice, bool isKept, string end)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget = "/";
        context.Request.Headers.TraceState = "vendor=1";
        if (header is not null)
        {
            context.Request.Headers.TraceParent = header;
        }

        var exchange = new Weft.Proxy.Forwarding.Exchange(context, Weft.Proxy.Routing.PathNormalization.None);
        var config = TracingDecoding.Decode(Tracing(percent), new())!;
        var trace = RequestTrace.Begin(exchange, View(), config, Guid.NewGuid().ToString(), () => dice);
        var sent = context.Request.Headers.TraceParent.ToString();
        Assert.Contains(trace.TraceId.ToHexString(), sent, StringComparison.Ordinal);
        if (isKept)
        {
            Assert.Equal((header, "vendor=1"), (sent, context.Request.Headers.TraceState.ToString()));
        }
        else
        {
            Assert.True(TraceParent.TryRead(context.Request.Headers, out _));
            Assert.EndsWith(end, sent, StringComparison.Ordinal);
            Assert.Equal(0, context.Request.Headers.TraceState.Count);
        }
    }

    [Fact]
    public void Where_nobody_listens_and_nothing_is_traced_nothing_is_allocated()
    {
        var context = new DefaultHttpContext();
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget = "/";
        var exchange = new Weft.Proxy.Forwarding.Exchange(context, Weft.Proxy.Routing.PathNormalization.None);
        var view = View();
        var telemetry = new RequestTelemetry("n", TimeProvider.System, () => 0);
        // The first time is for what is made once.
        for (var i = 0; i < 2; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            telemetry.End(exchange, view, telemetry.Begin(exchange, view));
            telemetry.EndTry(exchange, null!, default, telemetry.BeginTry(exchange, null!, null!));
            Assert.True(i == 0 || GC.GetAllocatedBytesForCurrentThread() == before);
        }
    }

    [Fact]
    public async Task A_request_and_its_try_are_spans_of_the_caller_s_trace()
    {
        using var spans = new SpanSink();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var seen = Channel.CreateUnbounded<string>();
        var service = await EchoAsync(mesh, seen);
        await RouteAsync(mesh, Tracing(), Resources.To("c", r => r.Name = "shop"), service);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await mesh.GetAsync("/items?secret", h =>
        {
            h.Host = "shop:80";
            h.Add("traceparent", $"00-{trace}-{Caller}-01");
            h.Add("tracestate", "vendor=1");
        });

        var client = await spans.NextAsync(trace);
        var server = await spans.NextAsync(trace);
        Assert.Equal(
            (ActivityKind.Server, Caller, "GET", true), (server.Kind, server.ParentSpanId.ToHexString(), server.DisplayName, server.HasRemoteParent));
        Assert.Equal((ActivityKind.Client, server.SpanId, "GET"), (client.Kind, client.ParentSpanId, client.DisplayName));
        Assert.Equal($"00-{trace}-{client.SpanId.ToHexString()}-01 vendor=1", await seen.Reader.ReadAsync(Cancellation));
        Assert.Equal(
            "client.address=127.0.0.1 http.request.method=GET http.response.status_code=200 network.protocol.version=1.1"
            + " server.address=shop server.port=80 url.path=/items url.scheme=http weft.listener=l weft.node=test-node"
            + " weft.route=shop weft.upstream.cluster=c",
            Tags(server));
        Assert.Equal(
            "http.request.method=GET http.response.status_code=200 network.peer.address=127.0.0.1"
            + $" network.peer.port={service.Port} server.address=shop server.port=80 weft.node=test-node weft.upstream.cluster=c",
            Tags(client));
        Assert.Equal(ActivityStatusCode.Unset, server.Status);
    }

    [Fact]
    public async Task Each_try_is_a_span_and_a_failure_an_error()
    {
        using var spans = new SpanSink();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var seen = Channel.CreateUnbounded<string>();
        var service = await EchoAsync(mesh, seen, 503);
        var route = Resources.To("c", r => r.Route_.RetryPolicy = new()
        {
            RetryOn = "5xx",
            NumRetries = 1,
            RetryBackOff = new() { BaseInterval = new() { Nanos = 1_000_000 } },
        });
        await RouteAsync(mesh, Tracing(), route, service);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await mesh.GetAsync("/", h => h.Add("traceparent", $"00-{trace}-{Caller}-01"));
        var (first, second, server) = (await spans.NextAsync(trace), await spans.NextAsync(trace), await spans.NextAsync(trace));
        Assert.Equal([server.SpanId, server.SpanId], [first.ParentSpanId, second.ParentSpanId]);
        Assert.Null(first.GetTagItem("http.request.resend_count"));
        Assert.Equal(1, second.GetTagItem("http.request.resend_count"));
        Assert.All([first, second, server], span =>
            Assert.Equal(("503", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status)));
        Assert.Equal((2, "URX"), (server.GetTagItem("weft.upstream.tries"), server.GetTagItem("weft.response_flags")));
        Assert.Contains(first.SpanId.ToHexString(), await seen.Reader.ReadAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains(second.SpanId.ToHexString(), await seen.Reader.ReadAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_try_without_a_response_tells_why()
    {
        using var spans = new SpanSink();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        using var closed = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nowhere = (IPEndPoint)closed.LocalEndpoint;
        closed.Stop();
        await RouteAsync(mesh, Tracing(), Resources.To("c"), nowhere);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await mesh.GetAsync("/", h => h.Add("traceparent", $"00-{trace}-{Caller}-01"));
        var (client, server) = (await spans.NextAsync(trace), await spans.NextAsync(trace));
        Assert.Equal(("UF", null), (client.GetTagItem("error.type"), client.GetTagItem("http.response.status_code")));
        Assert.Equal((503, "UF"), (server.GetTagItem("http.response.status_code"), server.GetTagItem("weft.response_flags")));
    }

    [Fact]
    public async Task An_unsampled_trace_has_no_span_and_goes_on_unsampled()
    {
        using var spans = new SpanSink();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var seen = Channel.CreateUnbounded<string>();
        await RouteAsync(mesh, Tracing(), Resources.To("c"), await EchoAsync(mesh, seen));
        var quiet = $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{Caller}-00";
        await mesh.GetAsync("/", h => h.Add("traceparent", quiet));
        Assert.Equal($"{quiet} ", await seen.Reader.ReadAsync(Cancellation));
        Assert.DoesNotContain(spans.All, s => quiet.Contains(s.TraceId.ToHexString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trace_id_of_logs_is_that_of_the_spans()
    {
        using var spans = new SpanSink();
        var output = new AccessLogTests.LineSink();
        await using var mesh = await Mesh.StartAsync(output: output);
        var seen = Channel.CreateUnbounded<string>();
        await RouteAsync(mesh, Tracing(), Resources.To("c"), await EchoAsync(mesh, seen));
        await mesh.GetAsync("/", h => h.TryAddWithoutValidation("traceparent", "nonsense"));
        var logged = await output.ReadAsync();
        var server = await spans.NextAsync(logged, ActivityKind.Server);
        Assert.Equal(logged, server.TraceId.ToHexString());
        Assert.Equal(default, server.ParentSpanId);
        Assert.Contains(logged, await seen.Reader.ReadAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrafficDirection.Inbound, ActivityKind.Server)]
    [InlineData(TrafficDirection.Outbound, ActivityKind.Client)]
    public async Task Without_spans_of_tries_the_request_s_own_goes_on(TrafficDirection direction, ActivityKind kind)
    {
        using var spans = new SpanSink();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var seen = Channel.CreateUnbounded<string>();
        var tracing = Tracing();
        tracing.SpawnUpstreamSpan = false;
        await RouteAsync(mesh, tracing, Resources.To("c"), await EchoAsync(mesh, seen), direction);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await mesh.GetAsync("/", h => h.Add("traceparent", $"00-{trace}-{Caller}-01"));
        var only = await spans.NextAsync(trace);
        Assert.Equal(kind, only.Kind);
        Assert.Equal($"00-{trace}-{only.SpanId.ToHexString()}-01 ", await seen.Reader.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task The_proxy_says_where_its_spans_are_to_go()
    {
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var collector = new IPEndPoint(IPAddress.Loopback, 4317);
        await RouteAsync(mesh, Tracing(), Resources.Answer("x"), collector);
        mesh.Plane.Apply(Resources.Cluster("collector", http2: true), Resources.Endpoints("collector", collector));
        var status = await mesh.UntilAsync(s => s.Tracing is not null);
        Assert.Equal(new("shop", collector), status.Tracing);
    }

    [Fact]
    public async Task Numbers_are_told_by_the_meter_without_being_counted_twice()
    {
        var durations = new ConcurrentQueue<(string Name, double Value, string Tags)>();
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Weft.Proxy")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => durations.Enqueue((i.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => counts[$"{i.Name} {Text(tags)}"] = value);
        listener.Start();
        await using var mesh = await Mesh.StartAsync(output: new AccessLogTests.LineSink());
        var cluster = $"c-{Guid.NewGuid()}";
        var service = await mesh.ServeAsync("x");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To(cluster)), (cluster, service));
        await mesh.GetAsync();
        await mesh.GetAsync();
        listener.RecordObservableInstruments();
        Assert.Equal(2, counts[$"weft.proxy.upstream.requests weft.node=test-node weft.upstream.cluster={cluster}"]);
        Assert.Equal(2, durations.Count(d => d.Name == "http.client.request.duration" && d.Tags
            == $"http.request.method=GET http.response.status_code=200 weft.node=test-node weft.upstream.cluster={cluster}"));
        Assert.Contains(durations, d => d.Name == "http.server.request.duration" && d.Value >= 0 && d.Tags
            == "http.request.method=GET http.response.status_code=200 network.protocol.version=1.1 url.scheme=http"
            + " weft.listener=outbound weft.node=test-node");

        static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tracing_it_cannot_do_is_refused_by_name()
    {
        Refused("provider envoy.zipkin is not supported", t => t.Provider = new() { Name = "envoy.zipkin", TypedConfig = Any.Pack(new ZipkinConfig()) });
        Refused("tracing: custom_tags is not supported", t => t.CustomTags.Add(new Envoy.Type.Tracing.V3.CustomTag { Tag = "x" }));
        Refused("needs an envoy_grpc", t => t.Provider.TypedConfig = Any.Pack(new OpenTelemetryConfig()));
        Refused("tracing provider: sampler is not supported", t => t.Provider.TypedConfig = Any.Pack(new OpenTelemetryConfig
        {
            GrpcService = new() { EnvoyGrpc = new() { ClusterName = "c" } },
            Sampler = new(),
        }));

        static void Refused(string expected, Action<HttpConnectionManager.Types.Tracing> change)
        {
            var tracing = Tracing();
            change(tracing);
            var listener = Resources.Listener("l", Manager(tracing));
            var verdict = Weft.Proxy.Config.ResourceDecoding.Check(Weft.Xds.TypeUrl.Listener, "l", Any.Pack(listener));
            Assert.Contains(expected, verdict.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tracing_of_the_control_plane_is_accepted()
    {
        var refusals = new Weft.Proxy.Config.Refusals();
        var config = TracingDecoding.Decode(
            Weft.Translation.Telemetry.Tracing(new("127.0.0.1", 4317, 25), TrafficDirection.Outbound, new("shop", "client")), refusals);
        Assert.True(refusals.IsEmpty, refusals.ToString());
        Assert.Equal(new("client.shop", Weft.Translation.Telemetry.CollectorCluster, 0.25, true, 256), config);
    }

    private static Weft.Proxy.Forwarding.ListenerView View() => new(
        new("l", "p", null, null, null, true, true), Weft.Proxy.Routing.RouteTable.Empty,
        System.Collections.Frozen.FrozenDictionary<string, Weft.Proxy.Upstream.UpstreamCluster>.Empty, new());

    private static string Tags(Activity span) =>
        string.Join(' ', span.TagObjects.Where(t => t.Value is not null).Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));

    private static Task<IPEndPoint> EchoAsync(Mesh mesh, Channel<string> seen, int status = 200) => mesh.ServeAsync(context =>
    {
        seen.Writer.TryWrite($"{context.Request.Headers.TraceParent} {context.Request.Headers.TraceState}");
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private static HttpConnectionManager.Types.Tracing Tracing(double percent = 100) => new()
    {
        RandomSampling = new() { Value = percent },
        SpawnUpstreamSpan = true,
        Provider = new Envoy.Config.Trace.V3.Tracing.Types.Http
        {
            Name = "envoy.tracers.opentelemetry",
            TypedConfig = Any.Pack(new OpenTelemetryConfig
            {
                ServiceName = "shop",
                GrpcService = new() { EnvoyGrpc = new() { ClusterName = "collector" } },
            }),
        },
    };

    private static HttpConnectionManager Manager(HttpConnectionManager.Types.Tracing tracing) => new()
    {
        Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
        Tracing = tracing,
        AccessLog =
        {
            new AccessLog
            {
                Name = "log",
                TypedConfig = Any.Pack(new StdoutAccessLog
                {
                    LogFormat = new() { TextFormatSource = new() { InlineString = "%TRACE_ID%\n" } },
                }),
            },
        },
    };

    private static async Task RouteAsync(
        Mesh mesh, HttpConnectionManager.Types.Tracing tracing, Route route, IPEndPoint service,
        TrafficDirection direction = TrafficDirection.Outbound)
    {
        var listener = Resources.Listener("l", Manager(tracing));
        listener.TrafficDirection = direction;
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", service), listener, Resources.Routes("r", route));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1 && s.Clusters == 1);
    }
}
