namespace Weft.Xds.Streams;

/// <summary>
/// The order of types on the wire. xds_protocol.rst, "Eventual consistency considerations": CDS updates first, then
/// EDS for these clusters, LDS, RDS, VHDS; "stale CDS clusters and related EDS endpoints can then be removed".
/// </summary>
internal static class SendOrder
{
    private static readonly string[] Known =
        [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Secret, TypeUrl.Listener, TypeUrl.ScopedRoute, TypeUrl.Route, TypeUrl.VirtualHost];

    // Types that nothing here depends on keep out of the way: after what they may refer to, before what may need them.
    private static readonly int Others = Array.IndexOf(Known, TypeUrl.Listener);

    /// <summary>Types are sent in ascending order of their rank.</summary>
    public static int Rank(string typeUrl) => Array.IndexOf(Known, typeUrl) is var i && i < 0 ? Others : i + (i >= Others ? 1 : 0);

    /// <summary>Whether resources of the type name clusters, so that the clusters must be there before them.</summary>
    public static bool NeedsClusters(string typeUrl) =>
        typeUrl is TypeUrl.Listener or TypeUrl.ScopedRoute or TypeUrl.Route or TypeUrl.VirtualHost;

    /// <summary>
    /// Whether resources of the type may only be taken away when nothing that the client has still names them. A port, a
    /// scope or a domain, of which there can be one, may move to another of them instead.
    /// </summary>
    public static bool RemovedLast(string typeUrl) => typeUrl is not (TypeUrl.Listener or TypeUrl.ScopedRoute or TypeUrl.VirtualHost);

    /// <summary>
    /// Whether a state-of-the-world response must hold everything, because absence means deletion:
    /// "Listener and Cluster" (xds_protocol.rst, "Deleting Resources"). Envoy takes its scoped routes so, too.
    /// </summary>
    public static bool AbsenceDeletes(string typeUrl) =>
        typeUrl is TypeUrl.Cluster or TypeUrl.Listener or TypeUrl.ScopedRoute;

    /// <summary>Whether an empty first request of the type asks for everything.</summary>
    public static bool HasLegacyWildcard(string typeUrl) =>
        typeUrl is TypeUrl.Cluster or TypeUrl.Listener or TypeUrl.ScopedRoute;

    /// <summary>
    /// Whether a client that names a version from an earlier stream is given the resource all the same. Envoy can hold
    /// a version of an assignment whose cluster has since lost its hosts (envoyproxy/envoy#22418, #33607, #47302); and a
    /// request that waits for its virtual host has to hear of it, also where another host has brought it before.
    /// </summary>
    public static bool IgnoresInitialVersions(string typeUrl) =>
        typeUrl is TypeUrl.Endpoints or TypeUrl.Secret or TypeUrl.VirtualHost;

    /// <summary>
    /// Whether what is asked for is a host, which one of the resources answers or none: then the answer names the host,
    /// and nothing is sent to a client that has not said which hosts it means.
    /// </summary>
    public static bool AskedByHost(string typeUrl) => typeUrl == TypeUrl.VirtualHost;
}
