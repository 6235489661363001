using Weft.Flow;

namespace Weft.Model;

/// <summary>A <c>Mesh</c> of <c>weft.dev/v1alpha1</c>: what holds for all proxies.</summary>
public sealed record MeshConfig(ObjectName Name, MeshSettings Settings, SourcePosition Where);

/// <summary>What holds for all proxies.</summary>
/// <param name="PassUnknownHosts">
/// Whether requests of applications to hosts outside the mesh are looked up by DNS and passed on, else they get 404.
/// </param>
/// <param name="AccessLog">Whether each request is written to the proxy's standard output, as a line of JSON.</param>
/// <param name="Tracing">Where spans go; null where none are made.</param>
public sealed record MeshSettings(bool PassUnknownHosts, bool AccessLog, TracingSettings? Tracing)
{
    /// <summary>What holds where no <c>Mesh</c> says otherwise.</summary>
    public static MeshSettings Default { get; } = new(false, false, null);
}

/// <summary>A collector that takes OTLP by gRPC.</summary>
/// <param name="Address">An IP address.</param>
/// <param name="SamplePercent">The share of the requests that begin a trace of their own, 0 to 100.</param>
public sealed record TracingSettings(string Address, int Port, int SamplePercent);
