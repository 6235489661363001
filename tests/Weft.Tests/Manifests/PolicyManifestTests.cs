using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class PolicyManifestTests
{
    private const string Target = "targetRefs: [{group: \"\", kind: Service, name: a}]\n";

    [Fact]
    public void A_policy_says_how_its_targets_are_treated()
    {
        var config = Decoded.Only<TrafficPolicyConfig>(Document("""
            targetRefs:
            - {group: "", kind: Service, name: a, sectionName: http}
            - {group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}
            retry: {on: [5xx, reset], codes: [429], attempts: 4, backoff: 10ms, perTryTimeout: 1s}
            rateLimit: {requests: 10, per: 1m, burst: 20}
            sessionAffinity: {type: Cookie, name: s, ttl: 1h}
            loadBalancing: {algorithm: RingHash, hash: {type: Header, name: x-user}}
            circuitBreaker: {maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4}
            outlierDetection: {consecutive5xx: 5, interval: 10s, baseEjectionTime: 30s, maxEjectionPercent: 50}
            connection: {connectTimeout: 1s, idleTimeout: 1m, maxRequestsPerConnection: 100, tcpKeepalive: true}
            healthCheck: {type: GRPC, interval: 5s, timeout: 1s, unhealthyThreshold: 2, healthyThreshold: 1}
            """));
        Assert.Equal([PolicyTargetKind.Service, PolicyTargetKind.HTTPRoute], config.Targets.Select(t => t.Kind));
        Assert.Equal("http", config.Targets[0].Section);
        var policy = config.Policy;
        Assert.Equal((4, TimeSpan.FromSeconds(1)), (policy.Retry!.Attempts, policy.Retry.PerTryTimeout!.Value));
        Assert.Equal(new RateLimit(10, TimeSpan.FromMinutes(1), 20), policy.RateLimit);
        Assert.Equal(new SessionAffinity(true, "s", TimeSpan.FromHours(1), "/"), policy.Affinity);
        Assert.Equal(new LoadBalancing(LoadBalancingAlgorithm.RingHash, new("Header", "x-user", null)), policy.LoadBalancing);
        Assert.Equal(new CircuitBreaker(1, 2, 3, 4), policy.CircuitBreaker);
        Assert.Equal((5, 50), (policy.OutlierDetection!.Consecutive5xx, policy.OutlierDetection.MaxEjectionPercent));
        Assert.Equal((100, true), (policy.Connection!.MaxRequestsPerConnection, policy.Connection.Keepalive));
        Assert.Equal(("GRPC", 2), (policy.HealthCheck!.Kind, policy.HealthCheck.UnhealthyThreshold));
    }

    [Theory]
    [InlineData("retry: {}", "5:3 error WEFT1012")]
    [InlineData("targetRefs: [{group: x, kind: Service, name: a}]", "5:16 error WEFT1109")]
    [InlineData("targetRefs: [{kind: Pod, name: a}]", "5:23 error WEFT1109")]
    [InlineData(Target + "retry: {on: [sometimes]}", "6:16 error WEFT1109")]
    [InlineData(Target + "rateLimit: {per: 1s}", "6:14 error WEFT1012")]
    [InlineData(Target + "rateLimit: {requests: 1, per: 1ms}", "6:14 error WEFT1115")]
    [InlineData(Target + "loadBalancing: {algorithm: Maglev}", "6:18 error WEFT1012")]
    [InlineData(Target + "loadBalancing: {algorithm: Best}", "6:30 error WEFT1109")]
    [InlineData(Target + "outlierDetection: {maxEjectionPercent: 101}", "6:42 error WEFT1115")]
    [InlineData(Target + "healthCheck: {path: a}", "6:23 error WEFT1106")]
    [InlineData(Target + "sessionAffinity: {name: \"a b\"}", "6:27 error WEFT1105")]
    public void A_mistake_in_a_policy_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Document(spec)));

    [Fact]
    public void A_mesh_object_says_what_holds_for_all()
    {
        var mesh = Decoded.Only<MeshConfig>(Decoded.Document(
            "weft.dev/v1alpha1", "Mesh",
            "unknownHosts: Pass\naccessLog: JSON\ntracing: {address: 127.0.0.1, port: 4317, samplePercent: 10}"));
        Assert.Equal(new MeshSettings(true, true, new("127.0.0.1", 4317, 10)), mesh.Settings);
    }

    private static string Document(string spec) => Decoded.Document("weft.dev/v1alpha1", "TrafficPolicy", spec);
}
