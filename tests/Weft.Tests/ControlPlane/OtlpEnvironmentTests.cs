using Weft.Telemetry;

namespace Weft.Tests.ControlPlane;

public sealed class OtlpEnvironmentTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_SERVICE_NAME=x", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://x", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://x", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x OTEL_TRACES_EXPORTER=none", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://x OTEL_SDK_DISABLED=True", false, false)]
    public void Nothing_is_sent_unless_the_environment_names_a_collector(string environment, bool traces, bool metrics)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal(traces, OtlpEnvironment.IsOn("TRACES", variables.GetValueOrDefault));
        Assert.Equal(metrics, OtlpEnvironment.IsOn("METRICS", variables.GetValueOrDefault));
    }
}
