using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.AccessLoggers.File.V3;
using Envoy.Extensions.AccessLoggers.Stream.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Routing;
using AccessLog = Envoy.Config.Accesslog.V3.AccessLog;

namespace Weft.Tests.Proxy;

/// <summary>What the proxy tells of requests.</summary>
public sealed class AccessLogTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_told_as_Envoy_tells_it()
    {
        var output = new LineSink();
        await using var mesh = await Mesh.StartAsync(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch), output: output);
        var service = await mesh.ServeAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("answer");
        });
        var log = Json(new()
        {
            ["start"] = Text("%START_TIME%"),
            ["method"] = Text("%REQ(:METHOD)%"),
            ["path"] = Text("%REQ(X-ENVOY-ORIGINAL-PATH?:PATH):4%"),
            ["protocol"] = Text("%PROTOCOL%"),
            ["code"] = Text("%RESPONSE_CODE%"),
            ["code_text"] = Text("code %RESPONSE_CODE% %REQ(absent)% 100%%"),
            ["flags"] = Text("%RESPONSE_FLAGS%"),
            ["received"] = Text("%BYTES_RECEIVED%"),
            ["sent"] = Text("%BYTES_SENT%"),
            ["duration"] = Text("%DURATION%"),
            ["absent"] = Text("%REQ(absent)%"),
            ["quoted"] = Text("%REQ(x-quoted)%"),
            ["type"] = Text("%RESP(absent?X-ADDED)%"),
            ["route"] = Text("%ROUTE_NAME%"),
            ["cluster"] = Text("%UPSTREAM_CLUSTER%"),
            ["host"] = Text("%UPSTREAM_HOST%"),
            ["caller"] = Text("%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
            ["local"] = Text("%DOWNSTREAM_LOCAL_ADDRESS%"),
            ["trace"] = Text("%TRACE_ID%"),
            ["nested"] = new() { ListValue = new() { Values = { Value.ForNumber(5), Value.ForBool(true), Value.ForNull() } } },
        });
        await RouteAsync(
            mesh, log, Resources.To("c", r =>
            {
                r.Name = "shop";
                r.Route_.PrefixRewrite = "/new/";
                r.ResponseHeadersToAdd.Add(new HeaderValueOption { Header = new() { Key = "x-added", Value = "yes" } });
            }),
            service);
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At("/old?q")) { Content = new StringContent("body!") };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        request.Headers.Add("x-quoted", "a\"<b>'");
        using var response = await mesh.SendAsync(request);
        var address = new IPEndPoint(IPAddress.Loopback, mesh.At().Port);
        Assert.Equal(
            $$"""
            {"absent":null,"caller":"127.0.0.1","cluster":"c","code":200,"code_text":"code 200 - 100%","duration":0,"flags":"-","host":"{{service}}","local":"{{address}}","method":"POST","nested":[5,true,null],"path":"/old","protocol":"HTTP/1.1","quoted":"a\"<b>'","received":5,"route":"shop","sent":6,"start":"1970-01-01T00:00:00.000Z","trace":"{{Trace}}","type":"yes"}
            """,
            await output.ReadAsync());
    }

    [Fact]
    public async Task A_request_that_fails_is_told_with_its_reason()
    {
        var output = new LineSink();
        await using var mesh = await Mesh.StartAsync(output: output);
        var broken = await mesh.ServeAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await RouteAsync(
            mesh,
            Log("%REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_CLUSTER%\n"),
            [
                To("/nc", "nowhere"),
                To("/uh", "empty"),
                To("/uf", "closed"),
                To("/uo", "full"),
                To("/urx", "c", r => r.Route_.RetryPolicy = new()
                {
                    RetryOn = "5xx",
                    NumRetries = 1,
                    RetryBackOff = new() { BaseInterval = new() { Nanos = 1_000_000 } },
                }),
            ],
            broken);
        var full = Resources.Cluster("full");
        full.CircuitBreakers = new()
        {
            Thresholds = { new Envoy.Config.Cluster.V3.CircuitBreakers.Types.Thresholds { MaxRequests = 0 } },
        };
        mesh.Plane.Apply(
            Resources.Cluster("empty"), Resources.Endpoints("empty"),
            Resources.Cluster("closed"), Resources.Endpoints("closed", ClosedPort()),
            full, Resources.Endpoints("full", broken));
        await mesh.UntilAsync(s => s.Clusters == 4 && s.WarmingClusters.IsEmpty);
        foreach (var (path, expected) in new[]
        {
            ("/nr", "404 NR -"), ("/nc", "503 NC -"), ("/uh", "503 UH empty"), ("/uf", "503 UF closed"),
            ("/uo", "503 UO full"), ("/urx", "500 URX c"),
        })
        {
            await mesh.GetAsync(path);
            Assert.Equal($"{path} {expected}", await output.ReadAsync());
        }
    }

    [Fact]
    public async Task A_caller_that_goes_and_a_service_that_is_late_are_told_apart()
    {
        var output = new LineSink();
        var time = new FakeTimeProvider();
        await using var mesh = await Mesh.StartAsync(time, output: output);
        var arrived = Channel.CreateUnbounded<bool>();
        var slow = await mesh.ServeAsync(async context =>
        {
            arrived.Writer.TryWrite(true);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await RouteAsync(mesh, Log("%RESPONSE_CODE% %RESPONSE_FLAGS%\n"), Resources.To("c"), slow);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var left = mesh.Http.GetAsync(mesh.At(), leaving.Token);
        await arrived.Reader.ReadAsync(Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal("0 DC", await output.ReadAsync());

        var late = mesh.GetAsync();
        await arrived.Reader.ReadAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await late).Status);
        Assert.Equal("504 UT", await output.ReadAsync());
    }

    [Fact]
    public async Task Lines_go_to_a_file_in_the_usual_format_and_are_counted()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await using (var mesh = await Mesh.StartAsync(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch)))
            {
                var log = Logger(new FileAccessLog { Path = file });
                await RouteAsync(mesh, log, Resources.Answer("hello"), new IPEndPoint(IPAddress.Loopback, 1));
                await mesh.GetAsync("/a", h =>
                {
                    h.Host = "shop";
                    h.Add("user-agent", "test");
                    h.Add("x-request-id", "id");
                });
                var counted = $"weft_proxy_access_log_written{{target=\"{file}\"}} 1\n";
                while (!(await mesh.AdminAsync("/stats/prometheus")).Body.Contains(counted, StringComparison.Ordinal))
                {
                    Cancellation.ThrowIfCancellationRequested();
                }
            }

            Assert.Equal(
                "[1970-01-01T00:00:00.000Z] \"GET /a HTTP/1.1\" 200 - 0 5 0 - \"-\" \"test\" \"id\" \"shop\" \"-\"\n",
                await File.ReadAllTextAsync(file, Cancellation));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Lines_that_nobody_takes_are_dropped_and_counted()
    {
        var stats = new LogStats();
        var stuck = new LogWriter("x", () => throw new InvalidOperationException(), stats, NullLogger.Instance);
        for (var i = 0; i < LogWriter.MostWaiting + 3; i++)
        {
            stuck.Add([]);
        }

        Assert.Equal(3, stats.Dropped.Value);

        var opened = 0;
        var output = new LineSink();
        stats = new();
        var failing = new LogWriter(
            "x", () => ++opened == 1 ? throw new IOException("full") : output, stats, NullLogger.Instance);
        var loop = failing.RunAsync();
        failing.Add("a\n"u8.ToArray());
        while (stats.Dropped.Value == 0)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        failing.Add("b\n"u8.ToArray());
        Assert.Equal("b", await output.ReadAsync());
        failing.Complete();
        await loop.WaitAsync(Cancellation);
        Assert.Equal((1, 1), (stats.Written.Value, stats.Dropped.Value));
    }

    [Fact]
    public void A_line_stays_one_line_whatever_a_caller_sends()
    {
        var context = new DefaultHttpContext();
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget = "/";
        context.Request.Headers["x"] = "a\nb\rc\u001b";
        var record = new RequestRecord(new(context, PathNormalization.None), default, default, 0, 0);
        var text = new LogFormat.Text([LogPart.Command("REQ(X)")!, new LogPart.Literal("\n")]);
        Assert.Equal("a?b?c?\n", System.Text.Encoding.UTF8.GetString(text.Line(record)));
        var json = new LogFormat.Json(new LogFormat.LogNode.Value([LogPart.Command("REQ(X)")!]));
        Assert.Equal("\"a\\nb\\rc\\u001B\"\n", System.Text.Encoding.UTF8.GetString(json.Line(record)));
    }

    [Fact]
    public void Logs_it_cannot_write_are_refused_by_name()
    {
        Refused("access_log[0]: envoy.x is not supported", new AccessLog { Name = "envoy.x" });
        Refused("access_log[0]: filter is not supported", Log("x", a => a.Filter = new() { NotHealthCheckFilter = new() }));
        Refused("access_log[0]: command 'UPSTREAM_LOCAL_ADDRESS' is not supported", Log("%UPSTREAM_LOCAL_ADDRESS%"));
        Refused("access_log[0]: command '%REQ(X)' is not supported", Log("%REQ(X)"));
        Refused("access_log[0]: command 'REQ(A?B?C)' is not supported", Json(new() { ["x"] = Text("%REQ(A?B?C)%") }));
        Refused("json_format holds a number", Json(new() { ["x"] = Value.ForNumber(double.NaN) }));
        Refused("access_log[0]: path is not that of a file", Logger(new FileAccessLog()));
        Refused(
            "access_log[0] log_format: omit_empty_values is not supported",
            Logger(new StdoutAccessLog { LogFormat = new() { JsonFormat = new(), OmitEmptyValues = true } }));
        Refused(
            "log_format needs json_format, or text_format_source",
            Logger(new StdoutAccessLog { LogFormat = new() { TextFormatSource = new() { Filename = "x" } } }));

        static void Refused(string expected, AccessLog log)
        {
            var verdict = Weft.Proxy.Config.ResourceDecoding.Check(Weft.Xds.TypeUrl.Listener, "l", Any.Pack(Listener(log)));
            Assert.Contains(expected, verdict.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_log_of_the_control_plane_is_accepted()
    {
        var output = new LineSink();
        await using var mesh = await Mesh.StartAsync(output: output);
        await RouteAsync(
            mesh, Weft.Translation.Telemetry.AccessLog(), Resources.Answer("hello"), new IPEndPoint(IPAddress.Loopback, 1));
        await mesh.GetAsync("/a");
        using var line = JsonDocument.Parse(await output.ReadAsync());
        Assert.Equal(18, line.RootElement.EnumerateObject().Count());
        Assert.Equal("/a", line.RootElement.GetProperty("path").GetString());
    }

    private static Listener Listener(AccessLog log) => Resources.Listener("l", new HttpConnectionManager
    {
        Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
        AccessLog = { log },
    });

    private static AccessLog Logger(IMessage config) => new() { Name = "log", TypedConfig = Any.Pack(config) };

    private static AccessLog Json(Dictionary<string, Value> members)
    {
        var format = new Struct();
        foreach (var (name, value) in members)
        {
            format.Fields[name] = value;
        }

        return Logger(new StdoutAccessLog { LogFormat = new() { JsonFormat = format } });
    }

    private static Value Text(string text) => Value.ForString(text);

    private static AccessLog Log(string text, Action<AccessLog>? change = null)
    {
        var log = Logger(new StdoutAccessLog { LogFormat = new() { TextFormatSource = new() { InlineString = text } } });
        change?.Invoke(log);
        return log;
    }

    private static Route To(string path, string cluster, Action<Route>? change = null) => Resources.To(cluster, r =>
    {
        r.Match = new() { Prefix = path };
        change?.Invoke(r);
    });

    private static Task RouteAsync(Mesh mesh, AccessLog log, Route route, IPEndPoint service) =>
        RouteAsync(mesh, log, [route], service);

    private static async Task RouteAsync(Mesh mesh, AccessLog log, Route[] routes, IPEndPoint service)
    {
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", service), Listener(log), Resources.Routes("r", routes));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1 && s.Clusters == 1);
    }

    private static IPEndPoint ClosedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    /// <summary>An output whose lines can be awaited.</summary>
    internal sealed class LineSink : MemoryStream
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public ValueTask<string> ReadAsync() => _lines.Reader.ReadAsync(Cancellation);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            foreach (var line in System.Text.Encoding.UTF8.GetString(buffer.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                _lines.Writer.TryWrite(line);
            }

            return ValueTask.CompletedTask;
        }
    }
}
