using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Weft.ControlPlane;
using Weft.Preview;
using Weft.Proxy;
using Weft.Tests.Translation.Raw;
using Weft.Translation.Raw;
using Weft.Xds;
using static Weft.Tests.Preview.PreviewScene;

namespace Weft.Tests.Preview;

/// <summary>What data planes would not take of a change, told before it is made.</summary>
public sealed class ForeseenTests
{
    private const string Lua = """
        resources:
        - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: edge
          address: {socket_address: {address: 127.0.0.1, port_value: 8400}}
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: edge
                route_config: {virtual_hosts: [{name: all, domains: ["*"]}]}
                http_filters:
                - name: lua
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                - name: envoy.filters.http.router
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """;

    [Fact]
    public void A_filter_that_embedded_proxies_do_not_have_is_told_with_all_whom_it_concerns()
    {
        var report = Preview([], RawTexts.Good(Lua), Sidecar("frontend"), Sidecar("checkout"), Sidecar("v1", "envoy"));
        var refused = Assert.Single(report.Foreseen.Refused);
        Assert.Equal(["checkout.shop", "frontend.shop"], refused.Nodes);
        Assert.Equal(("lds", "edge"), (refused.Type, refused.Refusal.Name));
        Assert.Contains("lua", refused.Refusal.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["v1.shop"], report.Foreseen.Untried);

        Assert.Equal(3, report.Verdict.ExitCode);
        Assert.Contains("2 proxies would reject lds edge: what they have of it now, if anything, stays", report.Verdict.Reasons);
        var text = PreviewText.Of(report);
        Assert.Contains("would be rejected:\n  lds edge by 2 proxies: checkout.shop, frontend.shop\n", text, StringComparison.Ordinal);
        Assert.Contains("not tried:\n  v1.shop: ", text, StringComparison.Ordinal);
        var json = JsonNode.Parse(PreviewViewJson.Text(PreviewView.Of(report, null)))!;
        Assert.Equal(refused.Refusal.Reason, json["wouldReject"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal("v1.shop", json["notTried"]![0]!.GetValue<string>());
    }

    [Fact]
    public void What_is_refused_already_now_is_no_news()
    {
        var raw = RawTexts.Good(Lua);
        var report = Preview(raw, [.. raw, .. RawTexts.Cluster("type: STATIC\nconnect_timeout: 1s").Resources], Sidecar("frontend"));
        Assert.NotEmpty(report.Groups);
        Assert.Empty(report.Foreseen.Refused);
        Assert.Equal("low", report.Verdict.Name);
    }

    [Fact]
    public void What_Envoys_alone_get_is_not_called_rejected()
    {
        var report = Preview([], RawTexts.Good(Lua), Sidecar("frontend", "envoy"));
        Assert.Empty(report.Foreseen.Refused);
        Assert.Equal("low", report.Verdict.Name);
    }

    [Fact]
    public void What_gRPC_applications_newly_pass_over_is_told_and_fails_nothing()
    {
        const string Rule = "    - backendRefs:\n        - {name: catalog-v1, port: 80, weight: 90}\n";
        var next = Changed(Rule, Rule.Replace(
            "- backendRefs:\n", "- filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-a]}}]\n      backendRefs:\n",
            StringComparison.Ordinal));
        var client = new ConnectedProxy("client.shop", "grpc/shop", NodeGroup.GrpcClass, "gRPC Go");
        var served = InForce(Base);
        var planned = PlannedMesh.Of(PlannedMesh.Files(Files(next)), [], [], served);
        PreviewReport Report(ConnectedProxy proxy) => PreviewReport.Of(new(served, planned.Groups, planned.Mesh, [proxy], [], []));

        var limit = Assert.Single(Report(client).Foreseen.PassedOver);
        Assert.Equal(["client.shop"], limit.Nodes);
        Assert.Contains("changes of request headers", limit.Message, StringComparison.Ordinal);
        Assert.Contains($"would be passed over:\n  client.shop: {limit.Message}\n", PreviewText.Of(Report(client)), StringComparison.Ordinal);
        Assert.Equal("low", Report(client).Verdict.Name);
        Assert.Empty(Report(client with { Limits = [limit.Message] }).Foreseen.PassedOver);
    }

    [Fact]
    public void A_proxy_judges_only_what_it_would_ask_for()
    {
        var eds = new Cluster
        {
            Name = "a",
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { EdsConfig = new() { Ads = new() } },
        };
        var bad = new Envoy.Config.Endpoint.V3.ClusterLoadAssignment { ClusterName = "a" };
        bad.Endpoints.Add(new Envoy.Config.Endpoint.V3.LocalityLbEndpoints
        {
            LbEndpoints = { new Envoy.Config.Endpoint.V3.LbEndpoint { Endpoint = new() { Address = new Address { Pipe = new() { Path = "@" } } } } },
        });
        var unasked = new RouteConfiguration { Name = "nobody", RequestMirrorPolicies = { new RouteAction.Types.RequestMirrorPolicy() } };
        var trial = new ResourceTrial();
        Assert.Equal(["a"], trial.Of(ResourceSet.Create(eds, bad, unasked)).Select(r => r.Name));
        Assert.Empty(trial.Of(ResourceSet.Create(bad, unasked)));
        Assert.Contains("cannot be read", Assert.Single(trial.Of(ResourceSet.Create(
            [XdsResource.Create(TypeUrl.Cluster, "broken", Google.Protobuf.ByteString.CopyFrom(0xff))]))).Reason, StringComparison.Ordinal);
    }

    private static PreviewReport Preview(
        ImmutableArray<RawResource> now, ImmutableArray<RawResource> next, params ImmutableArray<ConnectedProxy> proxies)
    {
        var files = PlannedMesh.Files(Files(Base));
        var served = PlannedMesh.Of(files, [], now, ResourceGroups.Unpublished).Groups;
        var planned = PlannedMesh.Of(files, Files(Base), next, served);
        return PreviewReport.Of(new(served, planned.Groups, planned.Mesh, proxies, planned.Diagnostics, []));
    }
}
