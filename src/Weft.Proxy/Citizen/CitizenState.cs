namespace Weft.Proxy.Citizen;

/// <summary>The state of the proxy within an application, in words.</summary>
internal static class CitizenState
{
    /// <summary>What is wanting before the application can send requests, as a sentence.</summary>
    public static string Wanting(ProxyStatus? status, WeftProxyOptions options)
    {
        if (status is null)
        {
            return "the application's host has not started.";
        }

        if (status.Listeners.FirstOrDefault(l => l.Error is not null) is { } closed)
        {
            return $"the listener '{closed.Name}' of {options.Node} is not open: {closed.Error}.";
        }

        if (status is { Connected: false })
        {
            return $"the control plane at {options.ControlPlane} has not answered (Weft:ControlPlane, WEFT_XDS)"
                + (status.Xds.LastError is { } error ? $": {error}." : ".");
        }

        string[] waiting =
        [
            .. status.WarmingListeners.Select(l => $"listener {l}"),
            .. status.WarmingClusters.Select(c => $"cluster {c}"),
        ];
        return waiting.Length > 0
            ? $"the configuration of {options.Node} is not complete: it waits for {string.Join(", ", waiting)}."
            : $"the control plane gave {options.Node} no listener '{options.OutboundListener}': its Workload must exist"
                + " and have an outboundPort.";
    }
}
