using System.Net;
using Envoy.Service.LoadStats.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>Who may open a stream, be a node, and go on being it; asked over real gRPC of an authorizer of the test's own.</summary>
public sealed class AuthorizationTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly FakeAuthorizer _authorizer = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_stream_without_credentials_ends_before_it_says_anything()
    {
        await using var fixture = await StartAsync();
        using var call = fixture.Ads.DeltaAggregatedResources(cancellationToken: Test);
        await EndsAsync(call.ResponseStream, StatusCode.Unauthenticated, "no credentials");
    }

    [Theory]
    [InlineData("Basic", "good")]
    [InlineData("Bearer", "bad")]
    public async Task A_header_that_is_no_good_token_is_none(string scheme, string token)
    {
        await using var fixture = await StartAsync();
        using var call = fixture.Ads.DeltaAggregatedResources(new Metadata { { "authorization", $"{scheme} {token}" } }, cancellationToken: Test);
        await EndsAsync(call.ResponseStream, StatusCode.Unauthenticated, "");
    }

    [Theory]
    [InlineData(null, "a", HttpStatusCode.Unauthorized)]
    [InlineData("bad", "a", HttpStatusCode.Unauthorized)]
    [InlineData("good", "b", HttpStatusCode.Forbidden)]
    [InlineData("good", "a", HttpStatusCode.OK)]
    public async Task A_poll_is_judged_as_a_stream_is(string? token, string node, HttpStatusCode expected)
    {
        await using var fixture = await StartAsync();
        fixture.Server.Publish(ResourceSet.Empty);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{fixture.Url}/v3/discovery:clusters")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent($$$"""{"node": {"id": "{{{node}}}"}}"""),
        };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await http.SendAsync(request, Test);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Two_tokens_are_none()
    {
        await using var fixture = await StartAsync();
        using var call = fixture.Ads.DeltaAggregatedResources(
            new Metadata { { "authorization", "Bearer good" }, { "authorization", "Bearer other" } }, cancellationToken: Test);
        await EndsAsync(call.ResponseStream, StatusCode.Unauthenticated, "");
    }

    [Fact]
    public async Task A_node_that_the_caller_may_not_be_ends_the_stream_and_both_are_named()
    {
        await using var fixture = await StartAsync();
        using var sotw = fixture.Ads.StreamAggregatedResources(Bearer("good"), cancellationToken: Test);
        await sotw.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("b"), TypeUrl = TypeUrl.Cluster }, Test);
        await EndsAsync(sotw.ResponseStream, StatusCode.PermissionDenied, "good may not be b");
        using var loads = new LoadReportingService.LoadReportingServiceClient(fixture.Channel).StreamLoadStats(Bearer("good"), cancellationToken: Test);
        await loads.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("b") }, Test);
        await EndsAsync(loads.ResponseStream, StatusCode.PermissionDenied, "good may not be b");
        // Without a node nobody is nobody.
        using var nobody = fixture.Ads.StreamAggregatedResources(Bearer("good"), cancellationToken: Test);
        await nobody.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Cluster }, Test);
        await EndsAsync(nobody.ResponseStream, StatusCode.PermissionDenied, "good may not be ");
        Assert.Empty(fixture.Server.Clients.Where(c => c.Types.Length > 0));
    }

    [Fact]
    public async Task The_status_of_clients_is_for_whom_may_see_it()
    {
        await using var fixture = await StartAsync();
        var client = new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(fixture.Channel);
        var denied = await Assert.ThrowsAsync<RpcException>(
            async () => await client.FetchClientStatusAsync(new(), Bearer("good"), cancellationToken: Test));
        Assert.Equal(StatusCode.PermissionDenied, denied.StatusCode);
        using var stream = client.StreamClientStatus(Bearer("good"), cancellationToken: Test);
        await stream.RequestStream.WriteAsync(new(), Test);
        await EndsAsync(stream.ResponseStream, StatusCode.PermissionDenied, "");
        _authorizer.MaySee = true;
        Assert.Empty((await client.FetchClientStatusAsync(new(), Bearer("good"), cancellationToken: Test)).Config);
    }

    [Fact]
    public async Task A_change_of_credentials_ends_the_streams_that_it_is_about_and_no_other()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]));
        _authorizer.Good = ["good", "other"];
        using var first = await OpenAsync(fixture, "good");
        using var second = await OpenAsync(fixture, "other");
        using var loads = new LoadReportingService.LoadReportingServiceClient(fixture.Channel).StreamLoadStats(Bearer("good"), cancellationToken: Test);
        await loads.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("a") }, Test);
        Assert.True(await loads.ResponseStream.MoveNext(Test));

        _authorizer.Good = ["other"];
        _authorizer.Tell();
        await EndsAsync(first.ResponseStream, StatusCode.Unauthenticated, "good is not good");
        await EndsAsync(loads.ResponseStream, StatusCode.Unauthenticated, "good is not good");
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "2")]));
        Assert.True(await second.ResponseStream.MoveNext(Test));
    }

    [Fact]
    public async Task A_stream_is_asked_about_again_after_each_period()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]));
        using var call = await OpenAsync(fixture, "good");
        var asked = _authorizer.Asked;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(asked + 1, _authorizer.Asked);
        _authorizer.Good = [];
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(asked + 1, _authorizer.Asked);
        _time.Advance(TimeSpan.FromMinutes(1));
        await EndsAsync(call.ResponseStream, StatusCode.Unauthenticated, "good is not good");
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_too()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Publish(ResourceSet.Create(Enumerable.Range(0, 200).Select(
            i => Resources.Make(TypeUrl.Cluster, $"{i}", new string('x', 20_000)))));
        using var call = fixture.Ads.StreamAggregatedResources(Bearer("good"), cancellationToken: Test);
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("a"), TypeUrl = TypeUrl.Cluster }, Test);
        while (fixture.Server.Clients.All(c => c.Node.Id != "a"))
        {
            await Task.Yield();
        }

        _authorizer.Good = [];
        _authorizer.Tell();
        while (fixture.Server.Clients.Any(c => c.DisconnectedAt is null))
        {
            Test.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_stream_that_never_says_what_it_wants_ends()
    {
        await using var fixture = await StartAsync();
        using var call = fixture.Ads.StreamAggregatedResources(Bearer("good"), cancellationToken: Test);
        var ended = call.ResponseStream.MoveNext(Test);
        while (_authorizer.Asked == 0)
        {
            await Task.Yield();
        }

        // The timer is there once the server has let the stream in, which it is listed by.
        while (fixture.Server.Clients.IsEmpty)
        {
            await Task.Yield();
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => ended)).StatusCode);
    }

    private Task<XdsServerFixture> StartAsync() =>
        XdsServerFixture.StartAsync(new XdsServerSettings { Authorizer = _authorizer, GroupOf = _ => "" }, _time);

    private static async Task<AsyncDuplexStreamingCall<Envoy.Service.Discovery.V3.DeltaDiscoveryRequest, Envoy.Service.Discovery.V3.DeltaDiscoveryResponse>>
        OpenAsync(XdsServerFixture fixture, string token)
    {
        var call = fixture.Ads.DeltaAggregatedResources(Bearer(token), cancellationToken: Test);
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("a"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        return call;
    }

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private static async Task EndsAsync<T>(IAsyncStreamReader<T> responses, StatusCode code, string text)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await responses.MoveNext(Test))
            {
                // Only the end matters.
            }
        });
        Assert.Equal(code, error.StatusCode);
        Assert.Contains(text, error.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>Believes some tokens, each of which may be the node "a".</summary>
    private sealed class FakeAuthorizer : IClientAuthorizer
    {
        private readonly Latest<object> _version = new(new());
        private int _asked;

        public string[] Good { get; set; } = ["good"];

        public bool MaySee { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public Task Changed => _version.Current.Replaced;

        public void Tell() => _version.Set(new());

        public AccessDecision Decide(ClientCredentials credentials, AccessClaim claim)
        {
            Interlocked.Increment(ref _asked);
            if (credentials.Token is not { } token)
            {
                return AccessDecision.Unauthenticated("no credentials");
            }

            if (!Good.Contains(token))
            {
                return AccessDecision.Unauthenticated($"{token} is not good");
            }

            var node = claim switch
            {
                AccessClaim.Resources resources => resources.Node.Id,
                AccessClaim.Loads loads => loads.Node.Id,
                AccessClaim.Status => MaySee ? "a" : "who sees",
                _ => "a",
            };
            return node == "a" ? AccessDecision.Allowed : AccessDecision.Denied($"{token} may not be {node}");
        }
    }
}
