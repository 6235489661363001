using Weft.Flow;
using Weft.Model;
using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What is done about a reference that leads nowhere.</summary>
internal enum Remedy
{
    /// <summary>What is named stays in its last version.</summary>
    TargetStays,

    /// <summary>What names it stays in its last version, or the virtual hosts of it that do.</summary>
    SourceStays,

    /// <summary>What names it is not sent.</summary>
    SourceWaits,

    /// <summary>It is sent as it is.</summary>
    None,
}

/// <summary>A resource made of the manifests that names one which is not there.</summary>
/// <param name="Proxy">Whose it is; null for what all have.</param>
/// <param name="Route">The name of the route that leads there, where it is one.</param>
internal sealed record Dangling(ProxyClass? Proxy, Reference From, Reference To, string? Route, Remedy Remedy)
{
    private const string Fix = "add what is missing, or remove what names it";

    /// <param name="written">The manifests, which know the places.</param>
    public Diagnostic ToDiagnostic(MeshObjects written)
    {
        var message = $"The {Named(From)} made of the manifests needs the {Named(To)}, which they do not make: {Outcome}.";
        return Remedy == Remedy.None
            ? Diagnostic.Warning("WEFT4005", Where(written), message, Fix)
            : Diagnostic.Error("WEFT4004", Where(written), message, Fix);
    }

    public static string Named(Reference reference) => $"{TypeUrl.ShortName(reference.TypeUrl)} resource '{reference.Name}'";

    private string Outcome => Remedy switch
    {
        Remedy.TargetStays => "the last version of the latter stays in force",
        Remedy.SourceStays => "the last good version of the former stays in force where it would lead there",
        Remedy.SourceWaits => "the former is not sent",
        _ => "what would go there fails",
    };

    private SourcePosition? Where(MeshObjects written) => RouteOf(written) ?? ProxyOf(written) ?? ServiceOf(written);

    // "namespace/route/rule/match"
    private SourcePosition? RouteOf(MeshObjects written) => Route?.Split('/') is [var space, var name, _, _]
        ? written.Routes.FirstOrDefault(r => r.Name == new ObjectName(space, name))?.Where
        : null;

    private SourcePosition? ProxyOf(MeshObjects written) => From.TypeUrl == TypeUrl.Route ? null : Proxy switch
    {
        ProxyClass.Sidecar sidecar => written.Workloads.FirstOrDefault(w => w.Name == sidecar.Workload)?.Where,
        ProxyClass.Gateway gateway => written.Gateways.FirstOrDefault(g => g.Name == gateway.Name)?.Where,
        _ => null,
    };

    private SourcePosition? ServiceOf(MeshObjects written) => ClusterName.TryParseOutbound(To.Name, out var service, out _)
        ? written.Services.FirstOrDefault(s => s.Name == service)?.Where
        : null;
}
