using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Tests.Xds.Serving;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>Resources by HTTP and JSON, asked for again and again.</summary>
public sealed class RestTests : IAsyncDisposable
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly HttpClient _http = new()
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private XdsServerFixture? _fixture;

    [Fact]
    public async Task B69_an_answer_is_a_response_as_JSON_with_all_that_is_asked_for()
    {
        await StartAsync(Resources.Make(TypeUrl.Cluster, "a", "1"), Resources.Make(TypeUrl.Cluster, "b", "1"));
        var answer = await OkAsync("clusters", """{"node": {"id": "n"}}""");
        Assert.Equal(TypeUrl.Cluster, $"{answer["type_url"]}");
        Assert.Equal("weft", $"{answer["control_plane"]!["identifier"]}");
        Assert.Equal(_fixture!.Server.Groups.Value.Default!.Of(TypeUrl.Cluster).Version, $"{answer["version_info"]}");
        Assert.Equal(
            [$"{TypeUrl.Cluster} a 1", $"{TypeUrl.Cluster} b 1"],
            answer["resources"]!.AsArray().Select(r => $"{r!["@type"]} {r["name"]} {r["alt_stat_name"]}"));
    }

    [Theory]
    [InlineData("clusters", TypeUrl.Cluster)]
    [InlineData("endpoints", TypeUrl.Endpoints)]
    [InlineData("listeners", TypeUrl.Listener)]
    [InlineData("routes", TypeUrl.Route)]
    public async Task B69_each_type_has_its_path(string path, string type)
    {
        await StartAsync(Resources.Make(type, "a", "1"), Resources.Make(type, "b", "1"));
        var answer = await OkAsync(path, """{"resource_names": ["a", "c"]}""");
        Assert.Equal(type, $"{answer["type_url"]}");
        Assert.Equal([type], answer["resources"]!.AsArray().Select(r => $"{r!["@type"]}"));
    }

    [Theory]
    [InlineData("secrets", "envoy.extensions.transport_sockets.tls.v3.Secret")]
    [InlineData("runtime", "envoy.service.runtime.v3.Runtime")]
    [InlineData("scoped-routes", "envoy.config.route.v3.ScopedRouteConfiguration")]
    [InlineData("extension_configs", "envoy.config.core.v3.TypedExtensionConfig")]
    public async Task B69_so_has_each_type_that_there_is_nothing_of(string path, string type)
    {
        await StartAsync();
        var answer = await OkAsync(path, """{"resourceNames": ["x"]}""");
        Assert.Equal($"type.googleapis.com/{type}", $"{answer["type_url"]}");
        Assert.Empty(answer["resources"]!.AsArray());
    }

    [Fact]
    public async Task B69_a_client_that_has_the_version_is_told_304_until_something_changes()
    {
        await StartAsync(Resources.Make(TypeUrl.Route, "a", "1"), Resources.Make(TypeUrl.Route, "b", "1"));
        var first = $"{(await OkAsync("routes", """{"resource_names": ["a"]}"""))["version_info"]}";
        var poll = $$"""{"resource_names": ["a"], "version_info": "{{first}}"}""";
        Assert.Equal((HttpStatusCode.NotModified, ""), await PostAsync("routes", poll));
        _fixture!.Server.Publish(ResourceSet.Create(
            [Resources.Make(TypeUrl.Route, "a", "1"), Resources.Make(TypeUrl.Route, "b", "2")]));
        Assert.Equal((HttpStatusCode.NotModified, ""), await PostAsync("routes", poll));
        _fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Route, "a", "2")]));
        Assert.NotEqual(first, $"{(await OkAsync("routes", poll))["version_info"]}");
    }

    [Fact]
    public async Task B69_what_a_client_rejects_by_nonce_is_not_sent_to_it_again_until_it_changes()
    {
        await StartAsync(Resources.Make(TypeUrl.Listener, "a", "1"));
        var nonce = $"{(await OkAsync("listeners", "{}"))["nonce"]}";
        var rejection = $$$"""{"version_info": "old", "response_nonce": "{{{nonce}}}", "error_detail": {"code": 3, "message": "no"}}""";
        Assert.Equal((HttpStatusCode.NotModified, ""), await PostAsync("listeners", rejection));
        _fixture!.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Listener, "a", "2")]));
        Assert.NotEqual(nonce, $"{(await OkAsync("listeners", rejection))["nonce"]}");
    }

    [Fact]
    public async Task B69_a_cluster_without_an_assignment_is_given_an_empty_one()
    {
        await StartAsync(Resources.Make(TypeUrl.Cluster, "c", "1", "e"));
        var answer = await OkAsync("endpoints", """{"resource_names": ["e", "f"]}""");
        Assert.Equal(["e"], answer["resources"]!.AsArray().Select(r => $"{r!["cluster_name"]}"));
    }

    [Fact]
    public async Task B69_the_node_says_whose_resources_they_are()
    {
        await StartAsync();
        _fixture!.Server.Publish("mine", ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]));
        Assert.Single((await OkAsync("clusters", """{"node": {"id": "mine"}}"""))["resources"]!.AsArray());
        Assert.Empty((await OkAsync("clusters", """{"node": {"id": "other"}}"""))["resources"]!.AsArray());
    }

    [Fact]
    public async Task B69_before_anything_is_published_the_answer_is_503_and_takes_nothing_away()
    {
        _fixture = await XdsServerFixture.StartAsync();
        await FailsAsync(HttpStatusCode.ServiceUnavailable, 14, "Nothing has been published", "clusters", "{}");
    }

    [Theory]
    [InlineData("clusters", "{", "cannot be read")]
    [InlineData("clusters", "[]", "cannot be read")]
    [InlineData("clusters", """{"resource_names": 7}""", "cannot be read")]
    [InlineData("clusters", """{"error_detail": {"details": [{"@type": "x/Y"}]}}""", "cannot be read")]
    [InlineData("clusters", """{"type_url": "type.googleapis.com/envoy.config.listener.v3.Listener"}""", "This path is for")]
    public async Task B69_a_request_that_is_none_is_told_so(string path, string body, string says)
    {
        await StartAsync();
        await FailsAsync(HttpStatusCode.BadRequest, 3, says, path, body);
    }

    [Fact]
    public async Task B69_what_a_newer_client_says_beside_is_passed_over()
    {
        await StartAsync();
        await OkAsync("clusters", """{"node": {"id": "n", "field_of_tomorrow": {"a": [1]}}, "another": 1}""");
    }

    [Fact]
    public async Task B69_a_path_of_no_type_is_not_found()
    {
        await StartAsync();
        await FailsAsync(HttpStatusCode.NotFound, 5, "clusters, endpoints", "bananas", "{}");
    }

    [Fact]
    public async Task B69_a_request_that_is_too_large_is_not_read_to_its_end()
    {
        await StartAsync();
        await FailsAsync(
            HttpStatusCode.RequestEntityTooLarge, 8, "larger than 4194304 bytes", "clusters", new string(' ', 4 * 1024 * 1024 + 1));
    }

    [Fact]
    public async Task B69_a_resource_that_JSON_cannot_be_made_of_is_told_instead_of_left_out()
    {
        var listener = new Envoy.Config.Listener.V3.Listener
        {
            Name = "l",
            ListenerFilters =
            {
                new Envoy.Config.Listener.V3.ListenerFilter
                {
                    Name = "f",
                    TypedConfig = new Any { TypeUrl = "type.googleapis.com/of.Tomorrow", Value = ByteString.CopyFromUtf8("?") },
                },
            },
        };
        await StartAsync(XdsResource.Create(listener), Resources.Make(TypeUrl.Listener, "m", "1"));
        await FailsAsync(HttpStatusCode.NotImplemented, 12, "lds 'l' cannot be written as JSON", "listeners", "{}");
        var names = """{"resource_names": ["m"]}""";
        Assert.Single((await OkAsync("listeners", names))["resources"]!.AsArray());
    }

    [Fact]
    public async Task B69_a_listener_of_HTTP_1_answers_the_same()
    {
        _fixture = await XdsServerFixture.StartAsync(protocols: HttpProtocols.Http1);
        _fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]));
        using var old = new HttpClient();
        using var answer = await old.PostAsync(Url("clusters"), Body("{}"), Test);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"alt_stat_name\"", await answer.Content.ReadAsStringAsync(Test), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task StartAsync(params XdsResource[] resources)
    {
        _fixture = await XdsServerFixture.StartAsync();
        _fixture.Server.Publish(ResourceSet.Create(resources));
    }

    private Uri Url(string path) => new(_fixture!.Address, $"/v3/discovery:{path}");

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body)
    {
        using var answer = await _http.PostAsync(Url(path), Body(body), Test);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Test));
    }

    private async Task<JsonNode> OkAsync(string path, string body)
    {
        var (status, answer) = await PostAsync(path, body);
        Assert.True(status == HttpStatusCode.OK, $"{status} {answer}");
        return JsonNode.Parse(answer)!;
    }

    private async Task FailsAsync(HttpStatusCode status, int code, string says, string path, string body)
    {
        var answer = await PostAsync(path, body);
        Assert.Equal(status, answer.Status);
        var json = JsonNode.Parse(answer.Body)!;
        Assert.Equal(code, (int)json["code"]!);
        Assert.Contains(says, $"{json["message"]}", StringComparison.Ordinal);
    }
}
