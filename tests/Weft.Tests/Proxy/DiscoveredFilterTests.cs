using System.Net;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Filters;
using Weft.Xds;
using HttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;

namespace Weft.Tests.Proxy;

/// <summary>Filters whose configuration is a resource of its own, and what makes them.</summary>
public sealed class DiscoveredFilterTests
{
    private const string Name = "plugin";

    [Fact]
    public async Task A_factorys_filter_changes_what_is_routed_what_is_sent_and_what_is_answered()
    {
        await using var mesh = await StartAsync(Reference(), "mark");
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At("/first")) { Content = new StringContent("body") };
        using var response = await mesh.SendAsync(request);
        Assert.Equal("echo /second x-mark=mark BODY", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["mark"], response.Headers.GetValues("x-answer"));
    }

    [Fact]
    public async Task A_filter_may_answer_by_itself()
    {
        await using var mesh = await StartAsync(Reference(), "deny");
        using var response = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Get, mesh.At()));
        Assert.Equal(
            ((HttpStatusCode)418, "no"),
            (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["yes"], response.Headers.GetValues("x-denied"));
    }

    [Fact]
    public async Task A_new_version_takes_effect_without_a_new_listener_and_a_bad_one_leaves_the_old()
    {
        await using var mesh = await StartAsync(Reference(), "one");
        Assert.Contains("x-mark=one", (await mesh.GetAsync()).Body, StringComparison.Ordinal);
        await mesh.InUseAsync(TypeUrl.ExtensionConfig, Name, mesh.Plane.Apply(Config("two")));
        Assert.Contains("x-mark=two", (await mesh.GetAsync()).Body, StringComparison.Ordinal);
        mesh.Plane.Apply(Config("bad"));
        var nack = await mesh.Plane.Nacks.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((TypeUrl.ExtensionConfig, "plugin: it is bad"), (nack.TypeUrl, nack.ErrorDetail.Message));
        Assert.Contains("x-mark=two", (await mesh.GetAsync()).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.InternalServerError)]
    public async Task Without_a_factory_the_resource_is_rejected_and_the_listener_says_what_becomes_of_requests(bool passes, HttpStatusCode status)
    {
        await using var mesh = await StartAsync(Reference(passes), "one", factory: null);
        var nack = await mesh.Plane.Nacks.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            "plugin: this proxy has nothing that runs filters of type type.googleapis.com/google.protobuf.StringValue",
            nack.ErrorDetail.Message);
        Assert.Equal(status, (await mesh.GetAsync()).Status);
    }

    [Fact]
    public async Task A_resource_that_lets_everything_pass_needs_no_factory()
    {
        await using var mesh = await StartAsync(Reference(), new TypedExtensionConfig { Name = Name, TypedConfig = Any.Pack(new RBAC()) }, null);
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync()).Status);
    }

    [Fact]
    public void What_such_a_filter_cannot_be_is_refused()
    {
        var ruled = Reference(passes: true);
        ruled.ConfigDiscovery.DefaultConfig = Any.Pack(new RBAC { Rules = new() });
        Verdicts.AssertRefused("rules is not supported", ListenerWith(ruled));
        var other = Reference();
        other.ConfigDiscovery.DefaultConfig = Any.Pack(new StringValue());
        Verdicts.AssertRefused("a default_config that does anything", ListenerWith(other));
        var elsewhere = Reference();
        elsewhere.ConfigDiscovery.ConfigSource = new() { PathConfigSource = new() { Path = "a" } };
        Verdicts.AssertRefused("only ADS", ListenerWith(elsewhere));
        var cors = new HttpFilter { Name = "c", TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Http.Cors.V3.Cors()) };
        Verdicts.AssertRefused("behind one without", ListenerWith(cors, Reference()));
    }

    private static Listener ListenerWith(params HttpFilter[] filters) =>
        Resources.Listener("l", new HttpConnectionManager { Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" }, HttpFilters = { filters } });

    private static HttpFilter Reference(bool passes = false) => new()
    {
        Name = Name,
        ConfigDiscovery = new()
        {
            ConfigSource = new() { Ads = new(), ResourceApiVersion = ApiVersion.V3, InitialFetchTimeout = new() },
            DefaultConfig = passes ? Any.Pack(new RBAC()) : null,
            TypeUrls = { "type.googleapis.com/google.protobuf.StringValue" },
        },
    };

    private static TypedExtensionConfig Config(string text) =>
        new() { Name = Name, TypedConfig = Any.Pack(new StringValue { Value = text }) };

    private static Task<Mesh> StartAsync(HttpFilter reference, string config) => StartAsync(reference, config, new Marking());

    private static Task<Mesh> StartAsync(HttpFilter reference, string config, IHttpFilterFactory? factory) =>
        StartAsync(reference, Config(config), factory);

    private static async Task<Mesh> StartAsync(HttpFilter reference, TypedExtensionConfig config, IHttpFilterFactory? factory)
    {
        var mesh = await Mesh.StartAsync(change: s => s with { Filters = factory is null ? [] : [factory] });
        var echo = await mesh.ServeAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync($"echo {context.Request.Path} x-mark={context.Request.Headers["x-mark"]} {body}");
        });
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", echo), config, ListenerWith(reference),
            Resources.Routes("r", Resources.To("c")));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));
        return mesh;
    }

    /// <summary>Marks requests and answers with its configuration, and makes bodies large letters.</summary>
    private sealed class Marking : IHttpFilterFactory
    {
        public string TypeUrl => "type.googleapis.com/google.protobuf.StringValue";

        public HttpFilterVerdict Create(string name, Any config, HttpFilterHost host) => config.Unpack<StringValue>().Value is var mark && mark == "bad"
            ? HttpFilterVerdict.Reject("it is bad")
            : HttpFilterVerdict.Accept(new Filter(mark));

        private sealed class Filter(string mark) : IHttpFilter
        {
            public IHttpFilterRun Begin(HttpFilterExchange exchange) => new Run(mark);

            public void Dispose()
            {
            }
        }

        private sealed class Run(string mark) : IHttpFilterRun
        {
            public bool SeesRequestBody => true;

            public bool SeesResponseBody => true;

            public ValueTask<HttpFilterReply?> OnRequestHeadersAsync(HttpFilterHeaders headers, bool isEnd, CancellationToken cancellation)
            {
                headers.Set("x-mark", mark);
                if (headers.Get(":path") == "/first")
                {
                    headers.Set(":path", "/second");
                }

                Assert.Contains(headers.All, h => h.Key == ":authority" && h.Value.StartsWith("127.0.0.1:", StringComparison.Ordinal));
                return new(mark == "deny" ? new HttpFilterReply(418, "no"u8.ToArray(), [new("x-denied", "yes")]) : null);
            }

            public ValueTask<ReadOnlyMemory<byte>> OnRequestBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation) =>
                new(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(piece.Span).ToUpperInvariant()));

            public ValueTask<HttpFilterReply?> OnResponseHeadersAsync(HttpFilterHeaders headers, CancellationToken cancellation)
            {
                Assert.Equal(mark == "deny" ? "418" : "200", headers.Get(":status"));
                headers.Add("x-answer", mark);
                return default;
            }

            public ValueTask<ReadOnlyMemory<byte>> OnResponseBodyAsync(ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation) =>
                new(piece);

            public ValueTask OnResponseTrailersAsync(HttpFilterHeaders trailers, CancellationToken cancellation) => default;

            public void Dispose()
            {
            }
        }
    }
}
