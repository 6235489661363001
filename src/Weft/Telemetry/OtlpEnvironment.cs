using OpenTelemetry.Resources;

namespace Weft.Telemetry;

/// <summary>
/// The standard environment variables of OpenTelemetry. Its library reads them; here is only whether it is to run at all.
/// </summary>
internal static class OtlpEnvironment
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether an endpoint for spans is named.</summary>
    public static bool Traces { get; } = IsOn("TRACES");

    /// <summary>Whether an endpoint for metrics is named.</summary>
    public static bool Metrics { get; } = IsOn("METRICS");

    /// <summary>What the program is called where <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> do not say.</summary>
    public static void Describe(ResourceBuilder resource, string service) => resource.Clear()
        .AddService(service, serviceVersion: typeof(OtlpEnvironment).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <param name="signal"><c>TRACES</c> or <c>METRICS</c>.</param>
    /// <param name="read">Reads a variable.</param>
    internal static bool IsOn(string signal, Func<string, string?>? read = null)
    {
        read ??= Environment.GetEnvironmentVariable;
        return !"true".Equals(read("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase)
            && !"none".Equals(read($"OTEL_{signal}_EXPORTER"), StringComparison.OrdinalIgnoreCase)
            && !(string.IsNullOrEmpty(read(Endpoint)) && string.IsNullOrEmpty(read($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")));
    }
}
