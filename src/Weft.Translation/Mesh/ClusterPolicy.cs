using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using EnvoyHealthCheck = Envoy.Config.Core.V3.HealthCheck;
using EnvoyOutliers = Envoy.Config.Cluster.V3.OutlierDetection;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;

namespace Weft.Translation;

/// <summary>A service's policy in Envoy's words. What it does not say stays at Envoy's own defaults.</summary>
internal static class ClusterPolicy
{
    public static void Apply(TrafficPolicy policy, ObjectName service, AppProtocol protocol, Cluster cluster)
    {
        cluster.LbPolicy = policy.LoadBalancing?.Algorithm switch
        {
            LoadBalancingAlgorithm.LeastRequest => LbPolicy.LeastRequest,
            LoadBalancingAlgorithm.Random => LbPolicy.Random,
            LoadBalancingAlgorithm.RingHash => LbPolicy.RingHash,
            LoadBalancingAlgorithm.Maglev => LbPolicy.Maglev,
            _ => LbPolicy.RoundRobin,
        };
        if (policy.CircuitBreaker is { } breaker)
        {
            cluster.CircuitBreakers = new()
            {
                Thresholds =
                {
                    new CircuitBreakers.Types.Thresholds
                    {
                        MaxConnections = (uint?)breaker.MaxConnections,
                        MaxPendingRequests = (uint?)breaker.MaxPendingRequests,
                        MaxRequests = (uint?)breaker.MaxRequests,
                        MaxRetries = (uint?)breaker.MaxRetries,
                    },
                },
            };
        }

        if (policy.OutlierDetection is { } outliers)
        {
            cluster.OutlierDetection = Outliers(outliers);
        }

        if (policy.Connection is { Keepalive: true })
        {
            cluster.UpstreamConnectionOptions = new() { TcpKeepalive = new TcpKeepalive() };
        }

        // Envoy refuses a cluster that is asked by gRPC and does not speak HTTP/2.
        if (policy.HealthCheck is { } check && (check.Kind != "GRPC" || protocol == AppProtocol.Http2))
        {
            cluster.HealthChecks.Add(Check(check, service.Host, protocol));
        }
    }

    private static EnvoyOutliers Outliers(Model.OutlierDetection outliers)
    {
        var made = new EnvoyOutliers
        {
            Consecutive5Xx = (uint?)outliers.Consecutive5xx,
            ConsecutiveGatewayFailure = (uint?)outliers.ConsecutiveGatewayErrors,
            MaxEjectionPercent = (uint?)outliers.MaxEjectionPercent,
            // "consecutive gateway failures" eject by Envoy's default in no case at all (0 %).
            EnforcingConsecutiveGatewayFailure = outliers.ConsecutiveGatewayErrors is null ? null : 100u,
        };
        if (outliers.Interval is { } interval)
        {
            made.Interval = Duration.FromTimeSpan(interval);
        }

        if (outliers.BaseEjectionTime is { } time)
        {
            made.BaseEjectionTime = Duration.FromTimeSpan(time);
        }

        return made;
    }

    private static EnvoyHealthCheck Check(Model.HealthCheck check, string host, AppProtocol protocol)
    {
        var made = new EnvoyHealthCheck
        {
            Interval = Duration.FromTimeSpan(check.Interval),
            Timeout = Duration.FromTimeSpan(check.Timeout),
            UnhealthyThreshold = (uint)check.UnhealthyThreshold,
            HealthyThreshold = (uint)check.HealthyThreshold,
            // A service that nobody calls would be asked each minute only, and an endpoint that is well again wait as long.
            NoTrafficInterval = Duration.FromTimeSpan(check.Interval),
        };
        switch (check.Kind)
        {
            case "TCP":
                made.TcpHealthCheck = new();
                break;
            case "GRPC":
                made.GrpcHealthCheck = new() { Authority = host };
                break;
            default:
                // The name of the cluster, which Envoy would send as the host, is none that servers take.
                made.HttpHealthCheck = new()
                {
                    Host = host,
                    Path = check.Path,
                    CodecClientType = protocol == AppProtocol.Http2 ? CodecClientType.Http2 : CodecClientType.Http1,
                };
                break;
        }

        return made;
    }
}
