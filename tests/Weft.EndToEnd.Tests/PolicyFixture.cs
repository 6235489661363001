using Weft.EndToEnd.Tests.Stage;

namespace Weft.EndToEnd.Tests;

/// <summary>One mesh with a service for each policy, and a client of each data plane in it.</summary>
public sealed class PolicyFixture : IAsyncLifetime
{
    private readonly WeftRun _control = new();
    private readonly Dictionary<string, Application> _applications = [];
    private readonly Clients<Client> _clients;
    private OtlpCollector? _collector;

    internal OtlpCollector Collector => _collector ?? throw new InvalidOperationException("It was not started.");

    internal Application this[string application] => _applications[application];

    public PolicyFixture() => _clients = new(_control, kind => Client.StartAsync(_control, kind, "steady"));

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _control.Manifests.Write("mesh.yaml", $$"""
            apiVersion: weft.dev/v1alpha1
            kind: Mesh
            metadata: {name: default}
            spec:
              unknownHosts: Pass
              accessLog: JSON
              tracing: {address: 127.0.0.1, port: {{_collector.Port}}, samplePercent: 100}
            """);
        foreach (var name in new[] { "steady", "one", "two", "flaky", "slow", "well", "ill" })
        {
            _applications[name] = await Application.StartAsync(name);
        }

        Write("steady", "", "steady");
        Write("plain", "", "flaky");
        Write("retried", "retry: {codes: [503], attempts: 3, backoff: 1ms}", "flaky");
        Write("narrow", "circuitBreaker: {maxRequests: 1}", "slow");
        Write("outlying", "outlierDetection: {consecutive5xx: 3, baseEjectionTime: 1h, maxEjectionPercent: 50}", "steady", "ill");
        Write("checked", "healthCheck: {path: /health, interval: 20ms, timeout: 5s, unhealthyThreshold: 1}", "steady", "well");
        Write("ring", "loadBalancing: {algorithm: RingHash, hash: {type: Header, name: x-user}}", "one", "two");
        Write("maglev", "loadBalancing: {algorithm: Maglev, hash: {type: Header, name: x-user}}", "one", "two");
        Write("least", "loadBalancing: {algorithm: LeastRequest}", "one", "two");
        Write("sticky", "sessionAffinity: {name: seat}", "one", "two");
        Write("idle", "");
        Route("persistent", "sessionPersistence: {sessionName: place, absoluteTimeout: 1h, cookieConfig: {lifetimeType: Permanent}},", "one", "two");
        Route("kept", "sessionPersistence: {type: Header, sessionName: x-place},", "one", "two");
        Route("bounded", "timeouts: {request: 1m, backendRequest: 100ms},", "slow");
        _control.Manifests.Write("half-idle.yaml",
            Manifest.Service("half-idle") + Manifest.Route("half-idle", Manifest.Rule("", ("steady", 1), ("idle", 1))));
        await _control.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();

        await _control.DisposeAsync();
        foreach (var application in _applications.Values)
        {
            await application.DisposeAsync();
        }

        await (_collector?.DisposeAsync() ?? default);
    }

    internal Task<Client> ClientAsync(DataPlaneKind kind) => _clients.Of(kind);

    /// <summary>Adds what the programs said to the output of a test that ends.</summary>
    internal Task ShowAsync() => _clients.ShowAsync();

    // A service with its policy, and these applications behind it.
    private void Write(string service, string policy, params string[] applications)
    {
        var text = Manifest.Service(service) + string.Concat(
            applications.Select(a => Manifest.Workload($"{service}-{a}", service, _applications[a].Port)));
        _control.Manifests.Write($"{service}.yaml", policy.Length == 0 ? text : text + $$"""
            apiVersion: weft.dev/v1alpha1
            kind: TrafficPolicy
            metadata: {name: {{service}}, namespace: shop}
            spec:
              targetRefs: [{group: "", kind: Service, name: {{service}}}]
              {{policy}}
            """);
    }

    // A service whose route says something and sends to these applications.
    private void Route(string service, string rule, params string[] applications)
    {
        Write(service, "", applications);
        _control.Manifests.Write($"{service}-route.yaml", Manifest.Route(service, Manifest.Rule(rule, (service, 1))));
    }
}
