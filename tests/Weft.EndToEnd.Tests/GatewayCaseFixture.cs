using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.EndToEnd.Tests.Stage;
using Weft.Manifests;
using Weft.Model;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>
/// All cases of the Gateway API in one mesh for each data plane, since two proxies of one gateway cannot have its ports.
/// The applications are the same.
/// </summary>
public sealed class GatewayCaseFixture : IAsyncLifetime
{
    private readonly Dictionary<ObjectName, Application> _applications = [];
    private readonly ConcurrentDictionary<string, (string Chain, string Key)> _certificates = new();
    private readonly Dictionary<DataPlaneKind, Scene> _scenes = [];

    /// <summary>A control plane with all cases, whose ports are its own.</summary>
    internal sealed record Scene(WeftRun Control, IReadOnlyDictionary<string, GatewayCase> Cases, IReadOnlyDictionary<string, int> Clients);

    internal Application this[ObjectName service] => _applications[service];

    internal Scene this[DataPlaneKind kind] => _scenes[kind];

    public async ValueTask InitializeAsync()
    {
        foreach (var kind in Enum.GetValues<DataPlaneKind>())
        {
            _scenes[kind] = await StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var scene in _scenes.Values)
        {
            await scene.Control.DisposeAsync();
        }

        foreach (var application in _applications.Values)
        {
            await application.DisposeAsync();
        }
    }

    private async Task<Scene> StartAsync()
    {
        var control = new WeftRun();
        var cases = GatewayCase.Names.ToDictionary(name => name, Read);
        var clients = cases.Values.SelectMany(c => c.Requests).Where(r => !r.IsGateway).Select(r => r.Node).Distinct()
            .ToDictionary(node => node, _ => FreePorts.Next());
        foreach (var (name, @case) in cases)
        {
            control.Manifests.Write($"{name}.yaml", @case.Manifests);
        }

        foreach (var (node, port) in clients)
        {
            control.Manifests.Write($"{node}.yaml", Client(node.Split('.')[1], port));
        }

        foreach (var service in ManifestSource.Read([control.Manifests.Path], TimeProvider.System).Objects.Services
            .Where(s => s.Name.Name != "idle"))
        {
            var application = await ApplicationAsync(service);
            control.Manifests.Write($"{service.Name.Namespace}-{service.Name.Name}.yaml", Slice(service, application.Port));
        }

        await control.StartAsync();
        return new(control, cases, clients);
    }

    private GatewayCase Read(string name)
    {
        var ports = new Dictionary<int, int>();
        return GatewayCase.Read(name, port => ports.TryGetValue(port, out var own) ? own : ports[port] = FreePorts.Next(), Pem);
    }

    private async Task<Application> ApplicationAsync(ServiceConfig service)
    {
        if (!_applications.TryGetValue(service.Name, out var application))
        {
            var speaksTwo = service.Ports.Any(p => p.Protocol == AppProtocol.Http2);
            _applications[service.Name] = application =
                await Application.StartAsync(service.Name.Name, speaksTwo ? HttpProtocols.Http2 : HttpProtocols.Http1);
        }

        return application;
    }

    private string Pem(string host, bool isKey)
    {
        var (chain, key) = _certificates.GetOrAdd(host, Certified);
        return isKey ? key : chain;
    }

    private static (string Chain, string Key) Certified(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Client(string @namespace, int port) => $$"""
        apiVersion: weft.dev/v1alpha1
        kind: Workload
        metadata: {name: client, namespace: {{@namespace}} }
        spec: {address: 127.0.0.1, outboundPort: {{port}} }
        """;

    // One application serves all ports of its service.
    private static string Slice(ServiceConfig service, int port) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{service.Name.Name}}
          namespace: {{service.Name.Namespace}}
          labels: {kubernetes.io/service-name: {{service.Name.Name}} }
        addressType: IPv4
        ports: [{{string.Join(", ", service.Ports.Select(p => $"{{name: '{p.Name}', port: {port}}}"))}} ]
        endpoints: [{addresses: [127.0.0.1]}]
        """;
}
