using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Weft.Proxy.Citizen;

/// <summary>Healthy once the first complete configuration is in use, while it opens a listener at all.</summary>
internal sealed class ReadinessCheck(MeshCitizen citizen, IOptions<WeftProxyOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = citizen.Status;
        return Task.FromResult(status switch
        {
            { Ready: true, Connected: true, Listeners.IsEmpty: false } => HealthCheckResult.Healthy("in the mesh"),
            { Ready: true, Listeners.IsEmpty: false } => HealthCheckResult.Healthy(
                "the control plane is away; the last good configuration stays"),
            _ => new(context.Registration.FailureStatus, CitizenState.Wanting(status, options.Value)),
        });
    }
}
