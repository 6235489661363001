using Envoy.Config.Core.V3;

namespace Weft.Xds;

/// <summary>How an <see cref="XdsServer"/> behaves. Set once, when services are added.</summary>
public sealed record XdsServerSettings
{
    /// <summary>Sent to clients as <c>control_plane.identifier</c>, which Envoy shows in its statistics.</summary>
    public string ControlPlaneIdentifier { get; init; } = "weft";

    /// <summary>Which group a node belongs to; by default every node is a group of its own, named by its id.</summary>
    public Func<Node, string> GroupOf { get; init; } = static node => node.Id;

    /// <summary>
    /// How long listeners and routes wait for a client that has not yet answered for new clusters and asked for their
    /// endpoints. After that they are sent all the same.
    /// </summary>
    public TimeSpan WarmingTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many bytes of resources one response holds where it can be split, from 1 KiB to 1 GiB. gRPC clients refuse
    /// messages over 4 MiB. What cannot be split is sent whole, and told of: all clusters or all listeners of a
    /// state-of-the-world client, a single resource.
    /// </summary>
    public int MaxResponseBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>What keeps the server upright under more clients or changes than it can serve at once.</summary>
    public OverloadSettings Overload { get; init; } = new();

    /// <summary>
    /// How long a client that has gone stays listed in <see cref="XdsServer.Clients"/>, and its loads in
    /// <see cref="XdsServer.Loads"/>.
    /// </summary>
    public TimeSpan KeepDisconnected { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Which load reports clients are asked for; null where the load reporting service is not served.</summary>
    public LoadReportSettings? LoadReports { get; init; } = new();

    /// <summary>
    /// Whether the client status discovery service is served. It tells whoever can reach the port what all clients are
    /// sent, but for secrets.
    /// </summary>
    public bool ServesClientStatus { get; init; } = true;

    /// <exception cref="ArgumentException">A setting is out of its bounds; the message names it and them.</exception>
    internal XdsServerSettings Checked()
    {
        Overload.Check();
        return MaxResponseBytes is >= 1024 and <= 1024 * 1024 * 1024
            ? this
            : throw new ArgumentException(
                $"{nameof(MaxResponseBytes)} is {MaxResponseBytes}; it must be from 1024 to {1024 * 1024 * 1024}.");
    }
}
