using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Which policy holds for which object: the narrower over the wider, the older over the younger.</summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<(PolicyTargetKind Kind, ObjectName Name, string? Section), TrafficPolicy> _policies = [];

    private PolicyIndex()
    {
    }

    public static PolicyIndex Empty { get; } = new();

    public static PolicyIndex Of(MeshObjects objects, ServiceIndex services, Findings findings)
    {
        var index = new PolicyIndex();
        var ordered = objects.Policies
            .OrderBy(p => p.Created ?? DateTimeOffset.MaxValue).ThenBy(p => p.Name);
        var routes = objects.Routes.ToLookup(r => (r.Kind, r.Name));
        foreach (var policy in ordered)
        {
            foreach (var target in policy.Targets)
            {
                WarnOfCheck(policy, target, services, findings);
                index.Attach(policy, target, Exists(target, services, routes), findings);
            }
        }

        return index;
    }

    /// <summary>The former one, if every object has the same policies by both.</summary>
    public PolicyIndex Or(PolicyIndex? former) =>
        former is not null && _policies.Count == former._policies.Count
        && _policies.All(p => former._policies.TryGetValue(p.Key, out var policy) && policy == p.Value)
            ? former
            : this;

    public TrafficPolicy Of(ServiceConfig service, string port) =>
        Get(PolicyTargetKind.Service, service.Name, port).Over(Get(PolicyTargetKind.Service, service.Name, null));

    public TrafficPolicy Of(RouteConfig route, string? rule)
    {
        var kind = route.Kind == RouteKind.Grpc ? PolicyTargetKind.GRPCRoute : PolicyTargetKind.HTTPRoute;
        var whole = Get(kind, route.Name, null);
        return rule is null ? whole : Get(kind, route.Name, rule).Over(whole);
    }

    private static bool Exists(
        PolicyTargetConfig target, ServiceIndex services, ILookup<(RouteKind, ObjectName), RouteConfig> routes) => target.Kind switch
        {
            PolicyTargetKind.Service => services.Find(target.Name) is { } service
                && (target.Section is null || service.Ports.Any(p => p.Name == target.Section)),
            _ => routes[(target.Kind == PolicyTargetKind.GRPCRoute ? RouteKind.Grpc : RouteKind.Http, target.Name)]
                .Any(r => target.Section is null || r.Rules.Any(rule => rule.Name == target.Section)),
        };

    private static void WarnOfCheck(
        TrafficPolicyConfig policy, PolicyTargetConfig target, ServiceIndex services, Findings findings)
    {
        if (policy.Policy.HealthCheck is { Kind: "GRPC" } && target.Kind == PolicyTargetKind.Service
            && services.Find(target.Name)?.Ports.FirstOrDefault(p => p.Protocol != AppProtocol.Http2
                && (target.Section is null || p.Name == target.Section)) is { } port)
        {
            findings.Warn(
                "WEFT2016", target.Where,
                $"TrafficPolicy {policy.Name} asks {target.Name}:{port.Port} by gRPC, which does not speak it: nothing is asked there.",
                "give the port appProtocol: grpc, or use type: HTTP or TCP");
        }
    }

    private TrafficPolicy Get(PolicyTargetKind kind, ObjectName name, string? section) =>
        _policies.GetValueOrDefault((kind, name, section), TrafficPolicy.None);

    private void Attach(TrafficPolicyConfig policy, PolicyTargetConfig target, bool exists, Findings findings)
    {
        var what = target.Section is null ? $"{target.Kind} {target.Name}" : $"{target.Kind} {target.Name}, {target.Section}";
        void Report(bool holds, string reason, string message) =>
            findings.Set("TrafficPolicy", policy.Name, what, "Accepted", holds, reason, message);

        if (!exists)
        {
            var message = $"TrafficPolicy {policy.Name} is for {what}, which does not exist: it has no effect there.";
            findings.Warn("WEFT2011", target.Where, message, "add it, or correct the targetRef");
            Report(false, "TargetNotFound", message);
            return;
        }

        var effective = target.Kind == PolicyTargetKind.Service ? policy.Policy : ForRoutes(policy, target, findings);
        if (!_policies.TryAdd((target.Kind, target.Name, target.Section), effective))
        {
            var message = $"Another TrafficPolicy is for {what} already: {policy.Name} has no effect there.";
            findings.Warn("WEFT2012", target.Where, message, "put both into one");
            Report(false, "Conflicted", message);
            return;
        }

        Report(true, "Accepted", "");
    }

    // What concerns endpoints and connections belongs to a service, which several routes may lead to.
    private static TrafficPolicy ForRoutes(TrafficPolicyConfig policy, PolicyTargetConfig target, Findings findings)
    {
        var fit = new TrafficPolicy(policy.Policy.Retry, policy.Policy.RateLimit, policy.Policy.Affinity);
        if (fit != policy.Policy)
        {
            findings.Warn(
                "WEFT2013", target.Where,
                $"TrafficPolicy {policy.Name} says of {target.Kind} {target.Name} what only a Service can have.",
                "give routes retry, rateLimit and sessionAffinity only; target the Service with the rest");
        }

        return fit;
    }
}
