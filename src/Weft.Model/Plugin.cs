using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>A plugin as proxies run it.</summary>
/// <param name="RootId">Which of the plugins of the module it is.</param>
/// <param name="Settings">What it is configured with, as JSON; empty for nothing.</param>
public sealed record Plugin(
    ObjectName Name, string RootId, string Settings, FailStrategy FailStrategy, PluginEnvironment Environment, PluginModule Module);

/// <summary>A plugin in one proxy.</summary>
/// <param name="Inbound">Whether the requests that the workload receives pass it.</param>
/// <param name="Outbound">Whether the requests that the workload sends pass it.</param>
/// <param name="Ports">Of a gateway: the ports whose requests pass it, in order. Of a workload none.</param>
public sealed record PluginUse(Plugin Plugin, bool Inbound, bool Outbound, ImmutableArray<int> Ports)
{
    /// <inheritdoc/>
    public bool Equals(PluginUse? other) =>
        other is not null && ReferenceEquals(Plugin, other.Plugin) && (Inbound, Outbound) == (other.Inbound, other.Outbound)
        && Ports.AsSpan().SequenceEqual(other.Ports.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Plugin.Name, Inbound, Outbound);
}
