using System.Collections.Immutable;
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
    /// endpoints. After that they are sent all the same; some clients never ask.
    /// </summary>
    public TimeSpan WarmingTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// By type URL, how long what comes next waits for a client's answer to a response of that type: listeners and routes
    /// for clusters, the removal of clusters and endpoints for listeners and routes. Counted from the client's last answer;
    /// after that the next step is sent all the same, behind what the client has not read yet. Types that are not named
    /// here: <see cref="WarmingTimeout"/>. A rejection is an answer: what a client has rejected is waited for until it changes.
    /// </summary>
    public ImmutableDictionary<string, TimeSpan> AnswerTimeouts { get; init; } = ImmutableDictionary.CreateRange(
        new[] { TypeUrl.Listener, TypeUrl.ScopedRoute, TypeUrl.Route }.Select(type => KeyValuePair.Create(type, TimeSpan.FromSeconds(15))));

    /// <summary>
    /// How many bytes of resources one response holds where it can be split, from 1 KiB to 1 GiB. gRPC clients refuse
    /// messages over 4 MiB. What cannot be split is sent whole, and told of: all clusters or all listeners of a
    /// state-of-the-world client, a single resource.
    /// </summary>
    public int MaxResponseBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>
    /// Whether clients are told by <c>resource_errors</c> what they ask for by name and cannot have: that it does not exist,
    /// or a <see cref="ResourceError"/> of the set. Each is told once; by delta a name that does not exist is then not among
    /// the removed ones. Clients have no way to say that they read the field (cncf/xds TP3, gRFC A88). By default it is
    /// not sent; and Envoy and Weft's own proxy, which do not read it, are always served without.
    /// </summary>
    public bool TellsResourceErrors { get; init; }

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
    /// Whether the client status discovery service is served. It tells what all clients are sent, but for secrets, to
    /// whom the <see cref="Authorizer"/> lets; without one, to whoever can reach the port.
    /// </summary>
    public bool ServesClientStatus { get; init; } = true;

    /// <summary>
    /// Who may ask for what; null, the default, lets in whoever reaches the port and believes the node that it names.
    /// </summary>
    public IClientAuthorizer? Authorizer { get; init; }

    /// <summary>
    /// How often the <see cref="Authorizer"/> is asked again about a stream that stays open, so that credentials that
    /// have expired end it. A change that the authorizer tells of is taken up at once.
    /// </summary>
    public TimeSpan ReauthorizePeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a stream may be open without a request before it ends with <c>DEADLINE_EXCEEDED</c>.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many bytes one request may have, before it is decompressed and after it: gRPC's own default. A larger one ends
    /// the stream with <c>RESOURCE_EXHAUSTED</c>.
    /// </summary>
    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How many requests a stream may send at once. Each response that it is sent allows one more, for it will be
    /// answered. One too many ends the stream with <c>RESOURCE_EXHAUSTED</c>.
    /// </summary>
    public int RequestBurst { get; init; } = 1000;

    /// <summary>How many further requests a stream may send each second.</summary>
    public int RequestsPerSecond { get; init; } = 100;

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
