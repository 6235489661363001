using Envoy.Config.Accesslog.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Trace.V3;
using Envoy.Extensions.AccessLoggers.Stream.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;

namespace Weft.Translation;

/// <summary>What proxies tell of the requests that pass through them.</summary>
internal static class Telemetry
{
    /// <summary>The cluster of the collector.</summary>
    public const string CollectorCluster = "opentelemetry-collector";

    // The names of the fields are Istio's, so that what reads its logs reads ours.
    private static readonly (string Field, string Command)[] Fields =
    [
        ("start_time", "%START_TIME%"),
        ("method", "%REQ(:METHOD)%"),
        ("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"),
        ("protocol", "%PROTOCOL%"),
        ("response_code", "%RESPONSE_CODE%"),
        ("response_flags", "%RESPONSE_FLAGS%"),
        ("bytes_received", "%BYTES_RECEIVED%"),
        ("bytes_sent", "%BYTES_SENT%"),
        ("duration", "%DURATION%"),
        ("authority", "%REQ(:AUTHORITY)%"),
        ("user_agent", "%REQ(USER-AGENT)%"),
        ("request_id", "%REQ(X-REQUEST-ID)%"),
        ("traceparent", "%REQ(TRACEPARENT)%"),
        ("trace_id", "%TRACE_ID%"),
        ("route_name", "%ROUTE_NAME%"),
        ("upstream_cluster", "%UPSTREAM_CLUSTER%"),
        ("upstream_host", "%UPSTREAM_HOST%"),
        ("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%"),
    ];

    public static AccessLog AccessLog()
    {
        var line = new Struct();
        foreach (var (field, command) in Fields)
        {
            line.Fields[field] = Value.ForString(command);
        }

        return new()
        {
            Name = "envoy.access_loggers.stdout",
            TypedConfig = Any.Pack(new StdoutAccessLog { LogFormat = new SubstitutionFormatString { JsonFormat = line } }),
        };
    }

    /// <param name="proxy">The workload or gateway whose proxy it is: the service that the spans are of.</param>
    public static HttpConnectionManager.Types.Tracing Tracing(
        TracingSettings settings, TrafficDirection direction, ObjectName proxy) => new()
        {
            SpawnUpstreamSpan = direction == TrafficDirection.Outbound,
            // Who has begun a trace has decided; these are the requests that begin one here.
            RandomSampling = new() { Value = settings.SamplePercent },
            Provider = new Tracing.Types.Http
            {
                Name = "envoy.tracers.opentelemetry",
                TypedConfig = Any.Pack(new OpenTelemetryConfig
                {
                    ServiceName = proxy.NodeId,
                    GrpcService = new() { EnvoyGrpc = new() { ClusterName = CollectorCluster } },
                }),
            },
        };
}
