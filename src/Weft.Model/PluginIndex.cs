using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>
/// Which plugins run in which proxy, in the order in which requests pass them: by phase, then the higher priority first,
/// then by name and namespace.
/// </summary>
internal sealed class PluginIndex
{
    /// <summary>Plugins of this namespace are for proxies of all namespaces.</summary>
    public const string RootNamespace = "istio-system";

    /// <summary>The label that every gateway has, with its name.</summary>
    public const string GatewayLabel = "gateway.networking.k8s.io/gateway-name";

    private readonly Dictionary<WasmPluginConfig, Plugin> _made = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ObjectName, ImmutableArray<PluginUse>> _workloads = [];
    private readonly Dictionary<ObjectName, ImmutableArray<PluginUse>> _gateways = [];

    private PluginIndex()
    {
    }

    public static PluginIndex Empty { get; } = new();

    public ImmutableArray<PluginUse> OfWorkload(ObjectName name) => _workloads.GetValueOrDefault(name, []);

    public ImmutableArray<PluginUse> OfGateway(ObjectName name) => _gateways.GetValueOrDefault(name, []);

    /// <summary>The index of these objects; what is as it was in this one is the object that it was.</summary>
    public PluginIndex Next(MeshObjects objects, Findings findings)
    {
        if (objects.Plugins.IsEmpty)
        {
            return Empty;
        }

        var next = new PluginIndex();
        var ordered = objects.Plugins.OrderBy(p => p.Phase).ThenByDescending(p => p.Priority)
            .ThenBy(p => p.Name.Name, StringComparer.Ordinal).ThenBy(p => p.Name.Namespace, StringComparer.Ordinal).ToList();
        var uses = ordered.ConvertAll(config => new Placement(config, next.Make(config, this), findings));
        foreach (var workload in objects.Workloads)
        {
            Set(next._workloads, _workloads, workload.Name, uses.Select(u => u.In(workload)));
        }

        foreach (var gateway in objects.Gateways)
        {
            Set(next._gateways, _gateways, gateway.Name, uses.Select(u => u.In(gateway)));
        }

        uses.ForEach(u => u.Report());
        return next;
    }

    // A module that has not come yet makes no plugin; who it is for is said all the same.
    private Plugin? Make(WasmPluginConfig config, PluginIndex former)
    {
        if (config.Module is not { } module)
        {
            return null;
        }

        return _made[config] = former._made.GetValueOrDefault(config)
            ?? new(config.Name, config.RootId, config.Settings, config.FailStrategy, config.Environment, module);
    }

    private static void Set(
        Dictionary<ObjectName, ImmutableArray<PluginUse>> table, Dictionary<ObjectName, ImmutableArray<PluginUse>> former,
        ObjectName name, IEnumerable<PluginUse?> uses)
    {
        ImmutableArray<PluginUse> now = [.. uses.OfType<PluginUse>()];
        if (!now.IsEmpty)
        {
            table[name] = former.TryGetValue(name, out var before) && before.SequenceEqual(now) ? before : now;
        }
    }
}
