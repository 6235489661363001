using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Weft.Proxy.Listening;
using Weft.Xds;
using static Weft.Tests.Proxy.Verdicts;
using Codec = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.CodecType;
using ServerHeaders = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types
    .ServerHeaderTransformation;

namespace Weft.Tests.Proxy;

/// <summary>Each field of a connection manager is obeyed, or refused by name.</summary>
public sealed class ManagerFieldTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Fields_that_it_does_not_obey_are_refused()
    {
        AssertRefused("http_connection_manager: drain_timeout", With(m => m.DrainTimeout = Seconds(1)));
        AssertRefused("http_connection_manager: delayed_close_timeout", With(m => m.DelayedCloseTimeout = Seconds(1)));
        AssertRefused("http_connection_manager: xff_num_trusted_hops", With(m => m.XffNumTrustedHops = 1));
        AssertRefused("http_connection_manager: add_user_agent", With(m => m.AddUserAgent = true));
        AssertRefused("codec_type Http3", With(m => m.CodecType = Codec.Http3));
        AssertRefused(
            "http_connection_manager: stream_error_on_invalid_http_message",
            With(m => m.StreamErrorOnInvalidHttpMessage = true));
        AssertRefused(
            "common_http_protocol_options: max_stream_duration",
            With(m => m.CommonHttpProtocolOptions = new() { MaxStreamDuration = Seconds(1) }));
        AssertRefused(
            "common_http_protocol_options: headers_with_underscores_action",
            With(m => m.CommonHttpProtocolOptions = new()
            {
                HeadersWithUnderscoresAction = HttpProtocolOptions.Types.HeadersWithUnderscoresAction.DropHeader,
            }));
        AssertRefused(
            "http_protocol_options: enable_trailers",
            With(m => m.HttpProtocolOptions = new() { EnableTrailers = true }));
        AssertRefused(
            "allow_absolute_url false",
            With(m => m.HttpProtocolOptions = new() { AllowAbsoluteUrl = false }));
        AssertRefused(
            "http2_protocol_options: connection_keepalive",
            With(m => m.Http2ProtocolOptions = new() { ConnectionKeepalive = new() }));
        AssertRefused("server_name: a header value", With(m => m.ServerName = "a\r\nb"));
        AssertRefused("router: suppress_envoy_headers", Routing(new() { SuppressEnvoyHeaders = true }));
        AssertRefused("rds: initial_fetch_timeout", With(m => m.Rds.ConfigSource.InitialFetchTimeout = Seconds(1)));
    }

    [Fact]
    public void Fields_that_ask_for_what_it_does_anyway_are_accepted() => Assert.Null(Check(With(m =>
    {
        m.AddUserAgent = false;
        m.StreamErrorOnInvalidHttpMessage = false;
        m.HttpProtocolOptions = new() { AllowAbsoluteUrl = true, AcceptHttp10 = true };
        m.Http2ProtocolOptions = new() { AllowConnect = true };
    })).Error);

    [Fact]
    public void Bounds_of_connections_are_obeyed_where_they_mean_something()
    {
        var listener = Assert.IsType<ListenerConfig>(Check(With(m =>
        {
            m.RequestHeadersTimeout = Seconds(0);
            m.CommonHttpProtocolOptions = new() { IdleTimeout = Seconds(3), MaxHeadersCount = 7 };
            m.Http2ProtocolOptions = new()
            {
                MaxConcurrentStreams = 5,
                InitialStreamWindowSize = 65_535,
                InitialConnectionWindowSize = 65_536,
                HpackTableSize = 0,
            };
        })).Value);
        Assert.Equal(new(TimeSpan.FromSeconds(3), null, 7, 5, 65_535, 65_536, 0), listener.Limits);

        AssertRefused(
            "max_headers_count: it must be from 1",
            With(m => m.CommonHttpProtocolOptions = new() { MaxHeadersCount = 0 }));
        AssertRefused(
            "initial_stream_window_size: it must be from 65535",
            With(m => m.Http2ProtocolOptions = new() { InitialStreamWindowSize = 1 }));
        var differing = Resources.Secured(With(m => m.RequestHeadersTimeout = Seconds(1)), "s", "a");
        differing.FilterChains.Add(Resources.Secured(Resources.Listener("l", "r"), "s", "b").FilterChains[0]);
        AssertRefused("that differ from chain to chain", differing);
    }

    [Theory]
    [InlineData(Codec.Http1, false)]
    [InlineData(Codec.Http2, true)]
    public async Task A_codec_type_admits_one_version_of_HTTP(Codec codec, bool http2)
    {
        await using var mesh = await StartAsync(m => m.CodecType = codec);
        var (right, wrong) = http2
            ? (HttpVersion.Version20, HttpVersion.Version11)
            : (HttpVersion.Version11, HttpVersion.Version20);
        using (var response = await mesh.SendAsync(Request(mesh, right)))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.SendAsync(Request(mesh, wrong)));
    }

    [Fact]
    public void Within_TLS_a_codec_type_that_ALPN_contradicts_is_refused()
    {
        const string Why = "a codec_type other than AUTO is not supported by Weft.Proxy there";
        AssertRefused(Why, Resources.Secured(With(m => m.CodecType = Codec.Http1), "s"));
        AssertRefused(Why, Resources.Secured(With(m => m.CodecType = Codec.Http2), "s"));
    }

    [Theory]
    [InlineData("", ServerHeaders.Overwrite, "own", "envoy")]
    [InlineData("weft", ServerHeaders.Overwrite, "own", "weft")]
    [InlineData("weft", ServerHeaders.AppendIfAbsent, "own", "own")]
    [InlineData("weft", ServerHeaders.AppendIfAbsent, null, "weft")]
    [InlineData("weft", ServerHeaders.PassThrough, "own", "own")]
    [InlineData("weft", ServerHeaders.PassThrough, null, null)]
    public async Task The_server_header_is_as_the_manager_says(
        string name, ServerHeaders change, string? own, string? seen)
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync(context =>
        {
            context.Response.Headers.Server = own;
            return Task.CompletedTask;
        });
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", service), Resources.Routes("r", Resources.To("c")),
            With(m => (m.ServerName, m.ServerHeaderTransformation) = (name, change)));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        using var response = await mesh.SendAsync(Request(mesh, HttpVersion.Version11));
        Assert.Equal(seen, response.Headers.TryGetValues("server", out var values) ? Assert.Single(values) : null);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task At_an_edge_nobody_says_for_itself_what_scheme_and_id_it_has(bool edge, bool keeps)
    {
        await using var mesh = await StartAsync(
            m => (m.UseRemoteAddress, m.PreserveExternalRequestId) = (edge, keeps),
            context => context.Response.WriteAsync(
                $"{context.Request.Headers["x-forwarded-proto"]} {context.Request.Headers["x-request-id"]}"));
        var (_, body) = await mesh.GetAsync(headers: h =>
        {
            h.Add("x-forwarded-proto", "https");
            h.Add("x-request-id", "mine");
        });
        var words = body.Split(' ');
        Assert.Equal(edge ? "http" : "https", words[0]);
        Assert.Equal(!edge || keeps, words[1] == "mine");
        Assert.NotEqual("", words[1]);
    }

    [Fact]
    public async Task A_route_for_https_is_not_opened_by_a_header_at_an_edge()
    {
        await using var mesh = await Mesh.StartAsync();
        mesh.Plane.Apply(
            With(m => m.UseRemoteAddress = true),
            Resources.Routes(
                "r",
                Resources.Answer("secure", m => m.Headers.Add(new Envoy.Config.Route.V3.HeaderMatcher
                {
                    Name = "x-forwarded-proto",
                    StringMatch = new() { Exact = "https" },
                })),
                Resources.Answer("plain")));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        Assert.Equal("plain", (await mesh.GetAsync(headers: h => h.Add("x-forwarded-proto", "https"))).Body);
    }

    [Fact]
    public async Task A_request_that_does_not_come_in_time_is_answered_with_408()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await StartAsync(
            m => m.RequestTimeout = Seconds(5),
            async context =>
            {
                arrived.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            },
            time);
        using var caller = await SendAsync(mesh, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.StartsWith("HTTP/1.1 408 ", await LineAsync(caller), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_came_in_time_may_take_longer()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await StartAsync(
            m => m.RequestTimeout = Seconds(5),
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                arrived.SetResult();
                await release.Task;
            },
            time);
        using var caller = await SendAsync(mesh, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nhalf");
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(6));
        release.SetResult();
        Assert.StartsWith("HTTP/1.1 200 ", await LineAsync(caller), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_bound_on_headers_holds_for_new_connections()
    {
        await using var mesh = await StartAsync(_ => { });
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync(headers: Many)).Status);
        var listener = With(m => m.CommonHttpProtocolOptions = new() { MaxHeadersCount = 5 });
        await mesh.InUseAsync(TypeUrl.Listener, "l", mesh.Plane.Apply(listener));
        using var caller = await SendAsync(
            mesh, $"GET / HTTP/1.1\r\n{string.Concat(Enumerable.Range(0, 9).Select(i => $"x-{i}: y\r\n"))}\r\n");
        Assert.StartsWith("HTTP/1.1 431 ", await LineAsync(caller), StringComparison.Ordinal);

        static void Many(System.Net.Http.Headers.HttpRequestHeaders headers)
        {
            for (var i = 0; i < 9; i++)
            {
                headers.Add($"x-{i}", "y");
            }
        }
    }

    private static Listener With(Action<HttpConnectionManager> change)
    {
        var manager = new HttpConnectionManager { Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" } };
        change(manager);
        return Resources.Listener("l", manager);
    }

    private static Listener Routing(Router router)
    {
        var listener = Resources.Listener("l", "r");
        var filter = listener.FilterChains[0].Filters[0];
        var manager = filter.TypedConfig.Unpack<HttpConnectionManager>();
        manager.HttpFilters[0].TypedConfig = Any.Pack(router);
        filter.TypedConfig = Any.Pack(manager);
        return listener;
    }

    private static async Task<Mesh> StartAsync(
        Action<HttpConnectionManager> change, RequestDelegate? answer = null, TimeProvider? time = null)
    {
        var mesh = await Mesh.StartAsync(time);
        var service = await mesh.ServeAsync(answer ?? (context => context.Response.WriteAsync("x")));
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", service), With(change),
            Resources.Routes("r", Resources.To("c", r => r.Route_.Timeout = Seconds(0))));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        return mesh;
    }

    private static Duration Seconds(int seconds) => new() { Seconds = seconds };

    private static HttpRequestMessage Request(Mesh mesh, Version version) => new(HttpMethod.Get, mesh.At())
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<NetworkStream> SendAsync(Mesh mesh, string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(mesh.AddressOf(), Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        return new(socket, ownsSocket: true);
    }

    private static async Task<string> LineAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(Cancellation) ?? "";
    }
}
