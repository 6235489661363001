using static Weft.Tests.Translation.Raw.RawTexts;

namespace Weft.Tests.Translation.Raw;

public sealed class RawReaderTests
{
    [Fact]
    public void A_json_file_in_envoys_form_is_read_with_its_label()
    {
        var read = Read(
            $$"""
            {
            	"version_info": "7",
            	"resources": [
            		{"@type": "{{ClusterType}}", "name": "a", "connectTimeout": "0.25s"},
            		{"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "r"}
            	]
            }
            """);
        Assert.Empty(read.Diagnostics);
        Assert.Equal("7", read.VersionLabel);
        Assert.Equal(["a", "r"], read.Resources.Select(resource => resource.Name));
        Assert.Equal(ClusterType, read.Resources[0].TypeUrl);
        Assert.Equal("f.yaml:4:3", read.Resources[0].Where.ToString());
    }

    [Fact]
    public void Several_documents_and_the_other_fields_of_a_discovery_response_are_read()
    {
        var resources = Good(
            $"""
            ---
            type_url: {ClusterType}
            nonce: "1"
            resources: []
            ---
            # nothing here
            ---
            resources:
            - "@type": {ClusterType}
              name: a
            """);
        Assert.Equal("a", Assert.Single(resources).Name);
    }

    [Fact]
    public void Endpoints_are_named_by_their_cluster()
    {
        var resources = Good(
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
              cluster_name: eds
            """);
        Assert.Equal("eds", Assert.Single(resources).Name);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_and_good_resources_stay()
    {
        var read = Read(
            $$"""
            verison_info: x
            resources:
            - "@type": {{ClusterType}}
              name: bad
              conect_timeout: 5s
              lb_policy: RING_HASHH
              connect_timeout: 5
            - "@type": {{ClusterType}}
              name: good
            - "@type": type.googleapis.com/envoy.config.cluster.v3.Clutser
              name: unknown
            - {"@type": {{ClusterType}}, "name": ""}
            """);
        Assert.Equal(
            ["WEFT3005 1:1", "WEFT3005 5:3", "WEFT3008 6:14", "WEFT3009 7:20", "WEFT3006 10:12", "WEFT3016 12:74"],
            Places(read));
        Assert.Equal("good", Assert.Single(read.Resources).Name);
        Assert.Equal(["bad", null, null], read.Refused.Select(refused => refused.Name));
        Assert.Equal("did you mean 'connect_timeout'?", read.Diagnostics[1].Fix);
        Assert.Contains("envoy.config.cluster.v3.Cluster has no field 'conect_timeout'", read.Diagnostics[1].Message);
        Assert.Contains(Weft.EnvoyApi.EnvoyApi.Date, read.Diagnostics[1].Message);
        Assert.Equal("did you mean 'RING_HASH'?", read.Diagnostics[2].Fix);
        Assert.Equal($"did you mean '{ClusterType}'?", read.Diagnostics[4].Fix);
        Assert.Contains(Weft.EnvoyApi.EnvoyApi.Date, read.Diagnostics[4].Message);
    }

    [Fact]
    public void A_resource_that_breaks_a_rule_of_envoy_is_refused_with_path_and_place()
    {
        var read = Cluster("load_assignment:\n  endpoints: []\ncircuitBreakers:\n  thresholds:\n  - priority: 7\nconnect_timeout: 0s");
        Assert.Equal(["WEFT3019 5:5", "WEFT3019 8:17", "WEFT3019 9:20"], Places(read).Order(StringComparer.Ordinal));
        Assert.Contains(read.Diagnostics, one => one.Message.Contains("circuit_breakers.thresholds[0].priority", StringComparison.Ordinal));
        Assert.Empty(read.Resources);
        Assert.Equal("c", Assert.Single(read.Refused).Name);
    }

    [Fact]
    public void A_name_given_twice_is_told_with_both_places_and_the_first_stays()
    {
        var read = Read(
            $$"""
            resources:
            - {"@type": {{ClusterType}}, "name": "a", "altStatName": "first"}
            - {"@type": {{ClusterType}}, "name": "a"}
            """);
        Assert.Equal(["WEFT3015 3:3"], Places(read));
        Assert.Contains("f.yaml:2:3", read.Diagnostics[0].Message);
        Assert.Equal(2, Assert.Single(read.Resources).Where.Line);
    }

    [Theory]
    [InlineData("", "WEFT3002 0:0")]
    [InlineData("# only a comment\n---\n", "WEFT3002 0:0")]
    [InlineData("resources: [", "WEFT3001 1:13")]
    [InlineData("resources:\n- a: b\n c", "WEFT3001 3:2")]
    [InlineData("resources: *gone", "WEFT3001 1:12")]
    [InlineData("a: &x [*x]", "WEFT3001 1:8")]
    [InlineData("resources: []\n\u0007", "WEFT3001 2:1")]
    [InlineData("just text", "WEFT3004 1:1")]
    [InlineData("version_info: '1'", "WEFT3021 1:1")]
    [InlineData("version_info: '1'\nresources:\n", "WEFT3021 1:1")]
    [InlineData("resources: {}", "WEFT3021 1:12")]
    public void What_is_no_list_of_resources_counts_as_not_parsed(string text, string place)
    {
        var read = Read(text);
        Assert.False(read.Parsed);
        Assert.Empty(read.Resources);
        Assert.Equal([place], Places(read));
    }

    [Theory]
    [InlineData("resources: [5]", "WEFT3004 1:13")]
    [InlineData("resources: [{}]", "WEFT3017 1:13")]
    [InlineData("resources: [{'name': x}]", "WEFT3017 1:13")]
    [InlineData("resources: [{'@type': 5}]", "WEFT3017 1:23")]
    [InlineData("resources: [{'@type': Cluster}]", "WEFT3017 1:23")]
    [InlineData("resources: [{'@type': example.com/envoy.config.cluster.v3.Cluster, name: x}]", "WEFT3017 1:23")]
    [InlineData("resources: [{'@type': type.googleapis.com/google.protobuf.Empty}]", "WEFT3016 1:13")]
    [InlineData("resources: []\nresources: []", "WEFT3013 2:1")]
    public void An_item_that_is_no_resource_is_told_at_its_place(string text, string place)
    {
        var read = Read(text);
        Assert.True(read.Parsed);
        Assert.Empty(read.Resources);
        Assert.Equal([place], Places(read));
    }

    [Fact]
    public void The_same_entries_in_another_order_are_the_same_bytes()
    {
        var one = Cluster("metadata: {filter_metadata: {b: {y: 1, x: 2}, a: {}}}").Resources[0];
        var two = Cluster("metadata: {filter_metadata: {a: {}, b: {x: 2, y: 1}}}").Resources[0];
        Assert.Equal(one.Body, two.Body);
    }
}
