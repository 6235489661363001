using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Which services there are, and who may refer to them from elsewhere.</summary>
internal sealed class ServiceIndex(ImmutableArray<ServiceConfig> services, ImmutableArray<ReferenceGrantConfig> grants)
{
    private const string GatewayGroup = "gateway.networking.k8s.io";

    private readonly Dictionary<ObjectName, ServiceConfig> _services = services.ToDictionary(s => s.Name);

    private readonly ILookup<string, ReferenceGrantConfig> _grants = grants.ToLookup(g => g.Name.Namespace, StringComparer.Ordinal);

    public static ServiceIndex Empty { get; } = new([], []);

    private ImmutableArray<ReferenceGrantConfig> Grants => grants;

    public bool HasGrantsOf(ServiceIndex other) => grants == other.Grants;

    public bool Contains(ObjectName service) => _services.ContainsKey(service);

    public ServiceConfig? Find(ObjectName service) => _services.GetValueOrDefault(service);

    public ImmutableArray<int> PortsOf(ObjectName service) =>
        _services.TryGetValue(service, out var found) ? [.. found.Ports.Select(p => p.Port)] : [];

    /// <summary>Whether an object of one namespace may refer to one of another (<c>ReferenceGrant</c>).</summary>
    public bool Permits(string fromKind, string fromNamespace, string toKind, ObjectName to) =>
        fromNamespace == to.Namespace
        || _grants[to.Namespace].Any(grant =>
            grant.From.Any(f => f.Group == GatewayGroup && f.Kind == fromKind && f.Namespace == fromNamespace)
            && grant.To.Any(t => t.Group.Length == 0 && t.Kind == toKind && (t.Name is null || t.Name == to.Name)));
}
