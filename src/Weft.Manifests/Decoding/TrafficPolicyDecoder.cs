using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>TrafficPolicy</c> of <c>weft.dev/v1alpha1</c>; its defaults stand in <c>docs/policies.md</c>.</summary>
internal static class TrafficPolicyDecoder
{
    public static TrafficPolicyConfig Decode(Head head, FieldReader spec)
    {
        if (spec.Find("targetRefs") is null or ListNode { Items.IsEmpty: true })
        {
            spec.Missing("targetRefs", "name the services or routes that it is for");
        }

        var targets = spec.Maps("targetRefs").Select(t => Target(head, t)).OfType<PolicyTargetConfig>().ToImmutableArray();
        var policy = new TrafficPolicy(
            spec.Map("retry") is { } retry ? RetryDecoder.OfPolicy(retry) : null,
            spec.Map("rateLimit") is { } limit ? RateLimit(limit) : null,
            spec.Map("sessionAffinity") is { } affinity ? Affinity(affinity) : null,
            spec.Map("loadBalancing") is { } balancing ? LoadBalancing(balancing) : null,
            spec.Map("circuitBreaker") is { } breaker ? CircuitBreaker(breaker) : null,
            spec.Map("outlierDetection") is { } outliers ? Outliers(outliers) : null,
            spec.Map("connection") is { } connection ? Connection(connection) : null,
            spec.Map("healthCheck") is { } check ? HealthCheck(check) : null);
        spec.Close();
        return new(head.Name ?? default, head.Created, targets, policy, head.Where);
    }

    private static PolicyTargetConfig? Target(Head head, FieldReader target)
    {
        var group = target.Text("group")?.Text ?? "";
        var kind = target.OneOf("kind", null, "Service", "HTTPRoute", "GRPCRoute");
        if (target.Find("kind") is null)
        {
            target.Missing("kind");
        }

        // "LocalPolicyTargetReference": a policy governs its own namespace only.
        var name = target.Subdomain("name");
        if (target.Find("name") is null)
        {
            target.Missing("name");
        }

        var section = target.Text("sectionName")?.Text;
        target.Close();
        if (kind is not null && group != (kind == "Service" ? "" : Gateways.Group))
        {
            target.Findings.Error(
                "WEFT1109", target.Where, $"{target.PathOf("group")} is {Excerpt.Of(group)}, which has no {kind}.",
                kind == "Service" ? "write group: \"\"" : $"write group: {Gateways.Group}");
        }

        return kind is null || name is null
            ? null
            : new(Enum.Parse<PolicyTargetKind>(kind), (head.Name ?? default) with { Name = name }, section, target.Where);
    }

    private static RateLimit RateLimit(FieldReader limit)
    {
        if (limit.Find("requests") is null)
        {
            limit.Missing("requests");
        }

        var requests = limit.AtLeast("requests", 1) ?? 1;
        var per = limit.Duration("per") ?? TimeSpan.FromSeconds(1);
        if (per < TimeSpan.FromMilliseconds(50))
        {
            limit.Findings.Error(
                "WEFT1115", limit.Where, $"{limit.PathOf("per")} is shorter than 50ms.", "count over a longer time");
        }

        var policy = new RateLimit(requests, per, limit.AtLeast("burst", 1) ?? requests);
        limit.Close();
        return policy;
    }

    private static SessionAffinity Affinity(FieldReader affinity)
    {
        var isCookie = affinity.OneOf("type", "Cookie", "Cookie", "Header") == "Cookie";
        var name = affinity.Text("name");
        if (name is not null && !Syntax.IsHeaderName(name.Text))
        {
            affinity.Findings.Error(
                "WEFT1105", name.Where, $"{Excerpt.Of(name.Text)} is no name of a cookie or header.", "use letters, digits and dashes");
        }

        var (ttl, path) = (affinity.Duration("ttl"), affinity.Text("path")?.Text ?? "/");
        affinity.Close();
        return new(isCookie, name?.Text ?? (isCookie ? "weft-session" : "x-weft-session"), ttl, path);
    }

    private static LoadBalancing LoadBalancing(FieldReader balancing)
    {
        var word = balancing.OneOf("algorithm", "RoundRobin", Enum.GetNames<LoadBalancingAlgorithm>());
        var algorithm = word is null ? LoadBalancingAlgorithm.RoundRobin : Enum.Parse<LoadBalancingAlgorithm>(word);
        var hash = balancing.Map("hash") is { } key ? Hash(key) : null;
        var hashes = algorithm is LoadBalancingAlgorithm.RingHash or LoadBalancingAlgorithm.Maglev;
        if (hashes && hash is null)
        {
            balancing.Missing("hash", "say which header, cookie or address decides");
        }

        balancing.Close();
        return new(algorithm, hashes ? hash : null);
    }

    private static HashKey? Hash(FieldReader key)
    {
        var kind = key.OneOf("type", null, "Header", "Cookie", "SourceAddress");
        if (key.Find("type") is null)
        {
            key.Missing("type", "write Header, Cookie or SourceAddress");
        }

        var name = key.Text("name")?.Text;
        if (kind is "Header" or "Cookie" && name is null)
        {
            key.Missing("name");
        }

        var ttl = key.Duration("ttl");
        key.Close();
        return kind is null ? null : new(kind, name ?? "", ttl);
    }

    private static CircuitBreaker CircuitBreaker(FieldReader breaker)
    {
        var policy = new CircuitBreaker(
            breaker.AtLeast("maxConnections", 1), breaker.AtLeast("maxPendingRequests", 0), breaker.AtLeast("maxRequests", 0),
            breaker.AtLeast("maxRetries", 0));
        breaker.Close();
        return policy;
    }

    private static OutlierDetection Outliers(FieldReader outliers)
    {
        var policy = new OutlierDetection(
            outliers.AtLeast("consecutive5xx", 1), outliers.AtLeast("consecutiveGatewayErrors", 1),
            outliers.Duration("interval"), outliers.Duration("baseEjectionTime"), outliers.AtLeast("maxEjectionPercent", 0, 100));
        outliers.Close();
        return policy;
    }

    private static ConnectionSettings Connection(FieldReader connection)
    {
        var settings = new ConnectionSettings(
            connection.Duration("connectTimeout"), connection.Duration("idleTimeout"),
            connection.AtLeast("maxRequestsPerConnection", 1), connection.Truth("tcpKeepalive") ?? false);
        connection.Close();
        return settings;
    }

    private static HealthCheck HealthCheck(FieldReader check)
    {
        var kind = check.OneOf("type", "HTTP", "HTTP", "TCP", "GRPC") ?? "HTTP";
        var path = check.Text("path");
        if (path is not null && !Syntax.IsPath(path.Text))
        {
            check.Findings.Error("WEFT1106", path.Where, $"{check.PathOf("path")}: {Excerpt.Of(path.Text)} is no path.", "start it with /");
        }

        var policy = new HealthCheck(
            kind, path?.Text ?? "/", check.Duration("interval") ?? TimeSpan.FromSeconds(10),
            check.Duration("timeout") ?? TimeSpan.FromSeconds(1), check.AtLeast("unhealthyThreshold", 1) ?? 3,
            check.AtLeast("healthyThreshold", 1) ?? 1);
        check.Close();
        return policy;
    }
}
