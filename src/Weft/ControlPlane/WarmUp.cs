using Weft.Manifests;
using Weft.Model;

namespace Weft.ControlPlane;

/// <summary>
/// Takes a mesh of one service the whole way, on a thread of its own, while the host starts: what .NET makes when it is
/// first needed (types, descriptors of messages, rules) is made by then, and the real mesh does not wait for it.
/// </summary>
internal static class WarmUp
{
    private const string Mesh = """
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec: {ports: [{name: http, port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: a, labels: {kubernetes.io/service-name: a}}
        addressType: IPv4
        ports: [{name: http, port: 80}]
        endpoints: [{addresses: [127.0.0.1]}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a}
        spec:
          parentRefs: [{group: "", kind: Service, name: a}]
          rules: [{backendRefs: [{name: a, port: 80}]}]
        ---
        apiVersion: weft.dev/v1alpha1
        kind: Workload
        metadata: {name: a}
        spec: {service: a, address: 127.0.0.1, appPort: 80, inboundPort: 81, outboundPort: 82}
        """;

    /// <summary>Begins it; there is nothing to wait for.</summary>
    public static void Begin()
    {
        Begin(Pass);
    }

    // Not the pool's threads: it begins with one for each core, and the host wants these.
    private static void Begin(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private static void Pass()
    {
        var files = FolderSnapshot.Of([FolderFile.Of("warm-up.yaml", [.. System.Text.Encoding.UTF8.GetBytes(Mesh)])], []);
        var mesh = MeshComposer.Compose(ManifestState.Empty.Step(files).Snapshot.Objects).Snapshot;
        Publication.None.Next(mesh, []).Groups.For("sidecar/a.default");
    }
}
