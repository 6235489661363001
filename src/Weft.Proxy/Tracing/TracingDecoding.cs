using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Config.Trace.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy.Config;

namespace Weft.Proxy.Tracing;

/// <summary>The <c>tracing</c> of a connection manager, with OpenTelemetry as its provider.</summary>
internal static class TracingDecoding
{
    private const string Where = "tracing";

    // Nobody asks for a trace by x-client-trace-id here, and all tags are always told.
    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "client_sampling", "random_sampling", "overall_sampling", "verbose", "max_path_tag_length", "provider",
        "spawn_upstream_span");

    private static readonly FrozenSet<string> ProviderFields = FrozenSet.Create("grpc_service", "service_name");

    private static readonly FrozenSet<string> CollectorFields = FrozenSet.Create("cluster_name");

    // The timeout of what is sent to the collector is that of whoever sends.
    private static readonly FrozenSet<string> GrpcFields = FrozenSet.Create("envoy_grpc", "timeout");

    /// <summary>Null where no spans are made: as in Envoy also where no provider is named.</summary>
    public static TracingConfig? Decode(HttpConnectionManager.Types.Tracing? message, Refusals refusals)
    {
        if (message?.Provider is not { } provider)
        {
            return null;
        }

        refusals.AddUnknown(message, Where, Fields);
        if (provider.TypedConfig?.TryUnpack<OpenTelemetryConfig>(out var config) is not true)
        {
            refusals.Add(Where, $"provider {provider.Name} is not supported by Weft.Proxy; use OpenTelemetry");
            return null;
        }

        refusals.AddUnknown(config, $"{Where} provider", ProviderFields);
        var grpc = config.GrpcService ?? new GrpcService();
        refusals.AddUnknown(grpc, $"{Where} grpc_service", GrpcFields);
        refusals.AddUnknown(grpc.EnvoyGrpc, $"{Where} envoy_grpc", CollectorFields);
        if (grpc.EnvoyGrpc is not { ClusterName.Length: > 0 } collector)
        {
            refusals.Add(Where, "grpc_service needs an envoy_grpc with a cluster_name");
            return null;
        }

        // "This field functions as an upper limit on the total configured sampling rate."
        var percent = Math.Min(message.RandomSampling?.Value ?? 100, message.OverallSampling?.Value ?? 100);
        return new(
            config.ServiceName.Length > 0 ? config.ServiceName : "unknown_service:envoy",
            collector.ClusterName,
            double.IsNaN(percent) ? 0 : Math.Clamp(percent / 100, 0, 1),
            message.SpawnUpstreamSpan ?? false,
            (int)Math.Min(message.MaxPathTagLength ?? TracingConfig.DefaultLongestPath, 64 * 1024));
    }
}
