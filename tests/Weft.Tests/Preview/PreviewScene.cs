using System.Collections.Immutable;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Preview;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Preview;

/// <summary>A mesh in force, and a change of its manifests.</summary>
internal static class PreviewScene
{
    public static string Base { get; } = File.ReadAllText(Golden.PathOf("golden/base.yaml"));

    public static ImmutableArray<ManifestText> Files(string text) => [new("m/mesh.yaml", text, null)];

    /// <summary>What the text gives when it is in force, from nothing.</summary>
    public static ResourceGroups InForce(string text) =>
        PlannedMesh.Of(PlannedMesh.Files(Files(text)), [], [], ResourceGroups.Unpublished).Groups;

    /// <summary>The base with a text replaced, which must be in it.</summary>
    public static string Changed(string before, string after)
    {
        Assert.Contains(before, Base, StringComparison.Ordinal);
        return Base.Replace(before, after, StringComparison.Ordinal);
    }

    /// <summary>The preview of a change, for the sidecars of four workloads.</summary>
    public static PreviewReport Preview(string before, string after)
    {
        var (served, inForce) = (InForce(before), Files(before));
        var planned = PlannedMesh.Of(PlannedMesh.Files([new("next/mesh.yaml", after, null)]), inForce, [], served);
        return PreviewReport.Of(new(
            served, planned.Groups, planned.Mesh, [Sidecar("v1"), Sidecar("v2"), Sidecar("frontend"), Sidecar("checkout")],
            planned.Diagnostics, []));
    }

    public static ConnectedProxy Sidecar(string name, string client = "weft-proxy") =>
        new($"{name}.shop", $"{NodeGroup.SidecarClass}/{name}.shop", NodeGroup.SidecarClass, client);
}
