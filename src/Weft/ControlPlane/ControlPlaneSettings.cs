using System.Collections.Immutable;
using System.Net;
using Weft.Security;

namespace Weft.ControlPlane;

/// <summary>What a control plane is told at its start.</summary>
/// <param name="Manifests">Folders of manifests; none means a mesh of raw resources only.</param>
/// <param name="Resources">The folder of raw resources, or null.</param>
/// <param name="Xds">Where proxies connect: gRPC.</param>
/// <param name="Admin">Where people and tools look: HTTP/1.1; with TLS only where it is not on loopback.</param>
internal sealed record ControlPlaneSettings(
    ImmutableArray<string> Manifests,
    string? Resources,
    IPEndPoint Xds,
    IPEndPoint Admin,
    LogSettings Log)
{
    public static readonly IPEndPoint DefaultXds = new(IPAddress.Loopback, 18000);
    public static readonly IPEndPoint DefaultAdmin = new(IPAddress.Loopback, 18080);

    /// <summary>How the listeners are secured; those that are not on loopback must be.</summary>
    public SecuritySettings Security { get; init; } = SecuritySettings.None;

    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    public OverloadLimits Overload { get; init; } = OverloadLimits.Default;

    /// <summary>Whether clients are told by <c>resource_errors</c> what they cannot have.</summary>
    public bool TellsResourceErrors { get; init; }
}

/// <summary>How the log is written.</summary>
internal sealed record LogSettings(LogLevel Level, bool Json)
{
    public static LogSettings Default { get; } = new(LogLevel.Information, false);
}
