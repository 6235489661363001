using Envoy.Config.Core.V3;
using Envoy.Service.Status.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Grpc.Core;
using Weft.Tests.Xds.Serving;
using Weft.Xds.Statuses;

namespace Weft.Tests.Xds.Statuses;

/// <summary>Which clients a question for status means.</summary>
public sealed class NodeFilterTests
{
    private static readonly Node Client = Node.Parser.ParseJson("""
        {"id": "web-1.shop", "metadata": {
          "weft": {"class": "sidecar", "zone": null, "weight": 2.5, "canary": true},
          "teams": ["red", "blue"]}}
        """);

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[{}]", true)]
    [InlineData("""[{"node_id": {"exact": "web-1.shop"}}]""", true)]
    [InlineData("""[{"node_id": {"exact": "WEB-1.shop"}}]""", false)]
    [InlineData("""[{"node_id": {"exact": "WEB-1.shop", "ignore_case": true}}]""", true)]
    [InlineData("""[{"node_id": {"prefix": "web"}}]""", true)]
    [InlineData("""[{"node_id": {"suffix": ".shop"}}]""", true)]
    [InlineData("""[{"node_id": {"contains": "-1."}}]""", true)]
    [InlineData("""[{"node_id": {"safe_regex": {"regex": "web-[0-9]+\\.shop"}}}]""", true)]
    [InlineData("""[{"node_id": {"safe_regex": {"regex": "web"}}}]""", false)]
    [InlineData("""[{"node_id": {"safe_regex": {"regex": "a|web-1.shop"}}}]""", true)]
    [InlineData("""[{"node_id": {"exact": "a"}}, {"node_id": {"prefix": "web"}}]""", true)]
    [InlineData("""[{"node_id": {"exact": "a"}}, {"node_id": {"exact": "b"}}]""", false)]
    public void A_matcher_of_the_id_chooses(string matchers, bool matches) =>
        Assert.Equal(matches, Filter(matchers).Matches(Client));

    [Theory]
    [InlineData("""{"string_match": {"exact": "sidecar"}}""", "class", true)]
    [InlineData("""{"string_match": {"exact": "gateway"}}""", "class", false)]
    [InlineData("""{"string_match": {"exact": "2.5"}}""", "weight", false)]
    [InlineData("""{"double_match": {"exact": 2.5}}""", "weight", true)]
    [InlineData("""{"double_match": {"range": {"start": 2.5, "end": 3}}}""", "weight", true)]
    [InlineData("""{"double_match": {"range": {"start": 2, "end": 2.5}}}""", "weight", false)]
    [InlineData("""{"bool_match": true}""", "canary", true)]
    [InlineData("""{"bool_match": false}""", "canary", false)]
    [InlineData("""{"null_match": {}}""", "zone", true)]
    [InlineData("""{"null_match": {}}""", "nowhere", false)]
    [InlineData("""{"present_match": true}""", "class", true)]
    [InlineData("""{"present_match": false}""", "class", false)]
    [InlineData("""{"present_match": true}""", "nowhere", false)]
    [InlineData("""{"present_match": false}""", "nowhere", true)]
    [InlineData("""{"or_match": {"value_matchers": [{"bool_match": true}, {"string_match": {"prefix": "side"}}]}}""", "class", true)]
    public void A_matcher_of_a_value_chooses(string value, string key, bool matches) => Assert.Equal(
        matches,
        Filter($$"""[{"node_metadatas": [{"path": [{"key": "weft"}, {"key": "{{key}}"}], "value": {{value}}}]}]""").Matches(Client));

    [Theory]
    [InlineData("""{"list_match": {"one_of": {"string_match": {"exact": "blue"}}}}""", true)]
    [InlineData("""{"list_match": {"one_of": {"string_match": {"exact": "green"}}}}""", false)]
    [InlineData("""{"present_match": true}""", false)]
    public void A_matcher_of_a_list_chooses(string value, bool matches) => Assert.Equal(
        matches, Filter($$"""[{"node_metadatas": [{"path": [{"key": "teams"}], "value": {{value}}}]}]""").Matches(Client));

    [Fact]
    public void All_parts_of_a_matcher_must_hold()
    {
        const string Gateway = """{"path": [{"key": "weft"}, {"key": "class"}], "value": {"string_match": {"exact": "gateway"}}}""";
        Assert.False(Filter($$"""[{"node_id": {"prefix": "web"}, "node_metadatas": [{{Gateway}}]}]""").Matches(Client));
        Assert.False(Filter($"""[{"{"}"node_metadatas": [{Gateway}]{"}"}]""").Matches(new Node { Id = "web" }));
    }

    [Theory]
    [InlineData("""{"node_id": {}}""")]
    [InlineData("""{"node_id": {"custom": {"name": "x"}}}""")]
    [InlineData("""{"node_id": {"safe_regex": {}}}""")]
    [InlineData("""{"node_id": {"safe_regex": {"regex": "("}}}""")]
    [InlineData("""{"node_id": {"safe_regex": {"regex": "(?=look)ahead"}}}""")]
    [InlineData("""{"node_metadatas": [{}]}""")]
    [InlineData("""{"node_metadatas": [{"path": [{"key": "a"}]}]}""")]
    [InlineData("""{"node_metadatas": [{"path": [{}], "value": {"bool_match": true}}]}""")]
    [InlineData("""{"node_metadatas": [{"path": [{"key": "a"}], "value": {"double_match": {}}}]}""")]
    [InlineData("""{"node_metadatas": [{"path": [{"key": "a"}], "value": {"list_match": {}}}]}""")]
    public async Task B70_a_matcher_that_is_none_is_an_invalid_argument(string matcher)
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        var request = Request($"[{matcher}]");
        var fetched = await Assert.ThrowsAsync<RpcException>(
            async () => await ClientStatusTests.Csds(fixture).FetchClientStatusAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, fetched.StatusCode);
        using var stream = ClientStatusTests.Csds(fixture).StreamClientStatus(cancellationToken: TestContext.Current.CancellationToken);
        await stream.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        var streamed = await Assert.ThrowsAsync<RpcException>(
            () => stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.InvalidArgument, streamed.StatusCode);
    }

    [Fact]
    public void Too_many_matchers_and_too_long_patterns_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NodeFilter.Of([.. Enumerable.Repeat(new NodeMatcher(), 101)]));
        Assert.Throws<ArgumentException>(() => ValueFilter.Of(
            new StringMatcher { SafeRegex = new() { Regex = new string('a', 513) } }));
    }

    [Fact]
    public async Task B70_only_the_clients_that_are_meant_are_told_of()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Weft.Xds.ResourceSet.Empty);
        using var web = await ClientStatusTests.OpenAsync(fixture, "web");
        using var shop = await ClientStatusTests.OpenAsync(fixture, "shop");
        var all = await ClientStatusTests.Csds(fixture).FetchClientStatusAsync(new());
        Assert.Equal(["shop", "web"], all.Config.Select(c => c.Node.Id));
        var one = await ClientStatusTests.Csds(fixture).FetchClientStatusAsync(Request("""[{"node_id": {"prefix": "we"}}]"""));
        Assert.Equal(["web"], one.Config.Select(c => c.Node.Id));
    }

    private static NodeFilter Filter(string matchers) => NodeFilter.Of(Request(matchers).NodeMatchers);

    private static ClientStatusRequest Request(string matchers) =>
        JsonParser.Default.Parse<ClientStatusRequest>($$"""{"node_matchers": {{matchers}}}""");
}
