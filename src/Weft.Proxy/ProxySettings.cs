using System.Collections.Immutable;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;
using Weft.Proxy.Listening;
using Weft.Xds.Client;

namespace Weft.Proxy;

/// <summary>What a proxy is told at its start; everything else comes from the control plane.</summary>
/// <param name="NodeId">Its name at the control plane.</param>
/// <param name="Cluster">The service it stands before, as the control plane calls it.</param>
/// <param name="ControlPlane">The ADS server, such as <c>http://127.0.0.1:18000</c>; <c>https</c> for TLS.</param>
/// <param name="Admin">Where the admin pages are served: a loopback address, port 0 for any; null for nowhere.</param>
/// <param name="NodeMetadata">What the control plane may want to know besides.</param>
public sealed record ProxySettings(
    string NodeId, string Cluster, Uri ControlPlane, IPEndPoint? Admin = null, Struct? NodeMetadata = null)
{
    /// <summary>The files by which it proves itself to the control plane, and knows it; none by default.</summary>
    public XdsClientCredentials Credentials { get; init; } = XdsClientCredentials.None;

    /// <summary>How long requests in flight are waited for when a listener closes or the proxy ends.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Opens what access logs for standard output are written to, in whole lines of UTF-8; null for standard output.
    /// </summary>
    public Func<Stream>? AccessLogOutput { get; init; }

    /// <summary>What makes filters of configurations that come by ECDS, such as plugins; none by default.</summary>
    public ImmutableArray<IHttpFilterFactory> Filters { get; init; } = [];

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a caller may take for a TLS handshake.</summary>
    internal TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>DNS, for hosts that only requests name.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Lookup { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Evenly drawn from 0 (included) to 1 (excluded).</summary>
    internal Func<double> Dice { get; init; } = Random.Shared.NextDouble;

    /// <summary>Whether requests of peers are taken.</summary>
    internal InboundDoor Inbound { get; init; } = new(isOpen: true);
}
