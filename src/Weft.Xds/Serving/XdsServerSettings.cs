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
    /// How many bytes of resources one response holds where it can be split. gRPC clients refuse messages over 4 MiB.
    /// </summary>
    public int MaxResponseBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>How long a client that has gone stays listed in <see cref="XdsServer.Clients"/>.</summary>
    public TimeSpan KeepDisconnected { get; init; } = TimeSpan.FromMinutes(10);
}
