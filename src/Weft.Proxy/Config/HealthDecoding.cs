using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Config;

/// <summary>How a cluster learns which of its endpoints are well.</summary>
internal static class HealthDecoding
{
    private static readonly FrozenSet<string> OutlierFields = FrozenSet.Create(
        "consecutive_5xx", "interval", "base_ejection_time", "max_ejection_time", "max_ejection_percent",
        "enforcing_consecutive_5xx", "consecutive_gateway_failure", "enforcing_consecutive_gateway_failure",
        "always_eject_one_host");

    // Whose asking shifts by some jitter, or is logged, is nobody's concern but the checker's. no_traffic_interval is
    // not kept: the proxy asks as often before the first request as after it.
    private static readonly FrozenSet<string> CheckFields = FrozenSet.Create(
        "timeout", "interval", "unhealthy_threshold", "healthy_threshold", "http_health_check", "tcp_health_check",
        "grpc_health_check", "no_traffic_interval", "unhealthy_interval", "reuse_connection", "interval_jitter",
        "interval_jitter_percent", "initial_jitter", "always_log_health_check_failures");

    private static readonly FrozenSet<string> HttpFields =
        FrozenSet.Create("host", "path", "expected_statuses", "codec_client_type", "method");

    private static readonly FrozenSet<string> GrpcFields = FrozenSet.Create("service_name", "authority");

    public static OutlierConfig? Outlier(OutlierDetection? message, Refusals refusals)
    {
        const string Where = "outlier_detection";
        if (message is null)
        {
            return null;
        }

        refusals.AddUnknown(message, Where, OutlierFields);
        return new(
            message.Consecutive5Xx ?? 5,
            message.ConsecutiveGatewayFailure ?? 5,
            message.EnforcingConsecutive5Xx ?? 100,
            message.EnforcingConsecutiveGatewayFailure ?? 0,
            Span(message.Interval, TimeSpan.FromSeconds(10), $"{Where} interval", refusals),
            Span(message.BaseEjectionTime, TimeSpan.FromSeconds(30), $"{Where} base_ejection_time", refusals),
            Span(message.MaxEjectionTime, TimeSpan.FromSeconds(300), $"{Where} max_ejection_time", refusals),
            message.MaxEjectionPercent ?? 10,
            message.AlwaysEjectOneHost ?? false);
    }

    public static HealthCheckConfig? Check(Cluster message, Refusals refusals)
    {
        const string Where = "health_checks";
        if (message.HealthChecks.Count == 0)
        {
            return null;
        }

        if (message.HealthChecks.Count > 1)
        {
            refusals.Add(Where, "more than one health check is not supported by Weft.Proxy");
        }

        var check = message.HealthChecks[0];
        refusals.AddUnknown(check, Where, CheckFields);
        refusals.AddIf(check.ReuseConnection is false, Where, "reuse_connection false");
        var interval = Span(check.Interval, TimeSpan.Zero, $"{Where} interval", refusals);
        var timeout = Span(check.Timeout, TimeSpan.Zero, $"{Where} timeout", refusals);
        return new(
            Probe(check, Where, refusals),
            timeout,
            interval,
            check.UnhealthyInterval is null ? interval : Span(check.UnhealthyInterval, interval, Where, refusals),
            Math.Max(1, check.UnhealthyThreshold ?? 0),
            Math.Max(1, check.HealthyThreshold ?? 0));
    }

    private static HealthProbe Probe(HealthCheck check, string where, Refusals refusals)
    {
        switch (check.HealthCheckerCase)
        {
            case HealthCheck.HealthCheckerOneofCase.HttpHealthCheck:
                return Http(check.HttpHealthCheck, where, refusals);
            case HealthCheck.HealthCheckerOneofCase.GrpcHealthCheck:
                refusals.AddUnknown(check.GrpcHealthCheck, where, GrpcFields);
                if (check.GrpcHealthCheck.ServiceName.Length > 100)
                {
                    refusals.Add(where, "service_name is longer than 100 characters");
                }

                RequireHost(check.GrpcHealthCheck.Authority, where, refusals);
                return new HealthProbe.Grpc(
                    check.GrpcHealthCheck.ServiceName, NullIfEmpty(check.GrpcHealthCheck.Authority));
            case HealthCheck.HealthCheckerOneofCase.TcpHealthCheck
                when check.TcpHealthCheck is { Send: null, Receive.Count: 0, ProxyProtocolConfig: null }:
                return new HealthProbe.Tcp();
            default:
                refusals.Add(where, $"such a {check.HealthCheckerCase} is not supported by Weft.Proxy");
                return new HealthProbe.Tcp();
        }
    }

    private static HealthProbe.Http Http(HealthCheck.Types.HttpHealthCheck message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, HttpFields);
        refusals.AddIf(message.CodecClientType == CodecClientType.Http3, where, "codec_client_type HTTP3");
        if (!message.Path.StartsWith('/') || message.Path.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            refusals.Add(where, $"'{message.Path}' is not a path");
        }

        RequireHost(message.Host, where, refusals);
        var method = message.Method == RequestMethod.MethodUnspecified
            ? HttpMethod.Get
            : new HttpMethod(message.Method.ToString().ToUpperInvariant());
        return new(
            message.Path, NullIfEmpty(message.Host), method, message.CodecClientType == CodecClientType.Http2,
            [.. message.ExpectedStatuses.Select(s => (s.Start, s.End))]);
    }

    private static void RequireHost(string text, string where, Refusals refusals)
    {
        if (text.Length > 0 && !HealthQuestion.IsHost(text))
        {
            refusals.Add(where, $"'{text}' is not a host");
        }
    }

    /// <summary>From a millisecond to a day: a loop waits as long.</summary>
    private static TimeSpan Span(
        Google.Protobuf.WellKnownTypes.Duration? duration, TimeSpan standard, string where, Refusals refusals)
    {
        var span = refusals.Read(duration, where) ?? standard;
        if (span < TimeSpan.FromMilliseconds(1) || span > TimeSpan.FromDays(1))
        {
            refusals.Add(where, "it must be from one millisecond to one day");
        }

        return span;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
