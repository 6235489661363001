using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Google.Protobuf.WellKnownTypes;
using EnvoyRetry = Envoy.Config.Route.V3.RetryPolicy;

namespace Weft.Translation;

/// <summary>When requests are tried again.</summary>
internal static class Retries
{
    // What is safe to repeat whatever the method: nothing of the request has reached an application.
    private const string Safe = "connect-failure,refused-stream,reset-before-request";

    private const string Statuses = "retriable-status-codes";
    private const uint DefaultAttempts = 2;

    // How often another endpoint is chosen in place of one that has failed already.
    private const long MostReselections = 5;

    public static EnvoyRetry Of(Model.RetryPolicy? policy, TimeSpan? backendTimeout, bool forGrpc)
    {
        var retry = new EnvoyRetry
        {
            RetryOn = On(policy),
            NumRetries = (uint?)policy?.Attempts ?? DefaultAttempts,
        };
        retry.RetriableStatusCodes.AddRange(policy?.Codes.Select(c => (uint)c) ?? []);
        if ((policy?.PerTryTimeout ?? backendTimeout) is { } bound)
        {
            retry.PerTryTimeout = Duration.FromTimeSpan(bound);
        }

        if (policy?.Backoff is { } wait && wait > TimeSpan.Zero)
        {
            retry.RetryBackOff = new() { BaseInterval = Duration.FromTimeSpan(wait) };
        }

        if (!forGrpc)
        {
            retry.HostSelectionRetryMaxAttempts = MostReselections;
            retry.RetryHostPredicate.Add(new EnvoyRetry.Types.RetryHostPredicate
            {
                Name = "envoy.retry_host_predicates.previous_hosts",
                TypedConfig = Any.Pack(new PreviousHostsPredicate()),
            });
        }

        return retry;
    }

    private static string On(Model.RetryPolicy? policy)
    {
        var on = policy is null || policy.On.IsEmpty ? Safe : string.Join(',', policy.On);
        return policy is null || policy.Codes.IsEmpty ? on : $"{on},{Statuses}";
    }
}
