using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Weft.Proxy;

namespace Weft.Telemetry;

/// <summary>Sends the metrics of a proxy that is a process of its own, where the environment says so.</summary>
internal static class ProxyNumbers
{
    /// <summary>Until it is disposed of; null where the environment names no collector.</summary>
    public static IDisposable? Start()
    {
        if (!OtlpEnvironment.Metrics)
        {
            return null;
        }

        var resource = ResourceBuilder.CreateEmpty();
        OtlpEnvironment.Describe(resource, "weft-proxy");
        return Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(ProxyHost.TelemetryName, "System.Runtime")
            .AddOtlpExporter()
            .Build();
    }
}
