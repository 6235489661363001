using System.Net;
using Weft.ControlPlane;

namespace Weft.Up;

/// <summary>Which proxies stand beside the workloads.</summary>
internal enum DataPlaneKind
{
    /// <summary><c>Weft.Proxy</c>, within this process.</summary>
    Embedded,

    /// <summary>Envoy, a process for each workload.</summary>
    Envoy,
}

/// <summary>What <c>weft up</c> is told.</summary>
/// <param name="Folder">The folder of manifests.</param>
/// <param name="Envoy">The Envoy program; used only by <see cref="DataPlaneKind.Envoy"/>.</param>
internal sealed record UpSettings(
    string Folder, DataPlaneKind DataPlane, string Envoy, IPEndPoint Xds, IPEndPoint Admin, LogSettings Log);
