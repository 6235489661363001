using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Where one plugin runs.</summary>
/// <param name="plugin">Null where its module has not come yet.</param>
internal sealed class Placement(WasmPluginConfig config, Plugin? plugin, Findings findings)
{
    private bool _isUsed;

    /// <summary>How it is used beside a workload; null where it is not.</summary>
    public PluginUse? In(WorkloadConfig workload)
    {
        if (!IsFor(workload.Name.Namespace) || !config.Gateways.IsEmpty || !Selects(workload.Labels))
        {
            return null;
        }

        _isUsed = true;
        var inbound = workload.InboundPort is not null && Matches(m => m.Server && IsOn(m, workload.AppPort));
        var outbound = workload.OutboundPort is not null && Matches(m => m.Client && m.Ports.IsEmpty);
        if (!outbound && workload.OutboundPort is not null && config.Match.FirstOrDefault(m => m.Client) is { } match)
        {
            findings.Warn(
                "WEFT2018", match.Where,
                $"WasmPlugin {config.Name} is for some ports of services only, and what a workload sends has one port for all "
                + $"services: requests that {workload.Name} sends do not pass it.",
                "leave out ports, or say mode: SERVER");
        }

        return plugin is not null && (inbound || outbound) ? new(plugin, inbound, outbound, []) : null;
    }

    /// <summary>How it is used in a gateway; null where it is not.</summary>
    public PluginUse? In(GatewayConfig gateway)
    {
        var isNamed = config.Gateways.IsEmpty
            ? Selects(gateway.Labels.SetItem(PluginIndex.GatewayLabel, gateway.Name.Name))
            : config.Gateways.Contains(gateway.Name.Name) && gateway.Name.Namespace == config.Name.Namespace;
        if (!IsFor(gateway.Name.Namespace) || !isNamed)
        {
            return null;
        }

        _isUsed = true;
        ImmutableArray<int> ports = [.. gateway.Listeners.Select(l => l.Port).Distinct().Order()
            .Where(port => Matches(m => m.Client && IsOn(m, port)))];
        return plugin is null || ports.IsEmpty ? null : new(plugin, false, false, ports);
    }

    /// <summary>Says what became of it, once all proxies have been asked.</summary>
    public void Report()
    {
        var message = _isUsed ? "" : $"WasmPlugin {config.Name} is for no workload and no gateway that there is: it has no effect.";
        findings.Set("WasmPlugin", config.Name, "", "Accepted", _isUsed, _isUsed ? "Accepted" : "TargetNotFound", message);
        if (!_isUsed)
        {
            findings.Warn(
                "WEFT2017", config.Where, message,
                "correct its labels or targetRefs, or its namespace: only plugins of " + PluginIndex.RootNamespace
                + " are for all namespaces");
        }
    }

    private static bool IsOn(PluginMatchConfig match, int? port) => match.Ports.IsEmpty || (port is { } p && match.Ports.Contains(p));

    private bool IsFor(string ofProxy) => config.Name.Namespace == ofProxy || config.Name.Namespace == PluginIndex.RootNamespace;

    private bool Selects(ImmutableSortedDictionary<string, string> labels) =>
        config.Selector.All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value);

    private bool Matches(Func<PluginMatchConfig, bool> holds) => config.Match.IsEmpty || config.Match.Any(holds);
}
