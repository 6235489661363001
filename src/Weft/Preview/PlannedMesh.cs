using System.Collections.Immutable;
using System.Text;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Manifests;
using Weft.Model;
using Weft.Translation.Raw;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>
/// What manifests would give every group of nodes, were they in force. Pure, but for the modules of plugins, which are read.
/// </summary>
internal static class PlannedMesh
{
    /// <param name="inForce">The texts in force, of which the last good version of a document in error stays.</param>
    /// <param name="served">What is in force: what breaks Envoy's rules stays as it is there.</param>
    public static (ResourceGroups Groups, MeshSnapshot Mesh, ImmutableArray<Diagnostic> Diagnostics) Of(
        FolderSnapshot files, ImmutableArray<ManifestText> inForce, ImmutableArray<RawResource> raw,
        ResourceGroups served) =>
        Of(files, PluginSource.Read(ManifestState.Empty.Step(files).Snapshot), inForce, raw, served);

    /// <summary>As the other; <paramref name="plain"/> is what the files say by themselves.</summary>
    public static (ResourceGroups Groups, MeshSnapshot Mesh, ImmutableArray<Diagnostic> Diagnostics) Of(
        FolderSnapshot files, ManifestSnapshot plain, ImmutableArray<ManifestText> inForce,
        ImmutableArray<RawResource> raw, ResourceGroups served)
    {
        var objects = plain.Diagnostics.Any(d => d.Severity == Severity.Error)
            ? PluginSource.Read(ManifestState.Empty.Step(Files(inForce)).Step(AsIfSaved(files, inForce)).Snapshot).Objects
            : plain.Objects;
        var (mesh, composed, _) = MeshComposer.Compose(objects);
        var publication = Publication.After(served).Next(mesh, raw, objects);
        return (publication.Groups, mesh, [.. plain.Diagnostics, .. composed, .. publication.Diagnostics]);
    }

    /// <summary>Texts as if they were read from a folder.</summary>
    public static FolderSnapshot Files(IEnumerable<ManifestText> texts) =>
        FolderSnapshot.Of(texts.Select(t => FolderFile.Of(t.Path, [.. Encoding.UTF8.GetBytes(t.Text)])), []);

    /// <summary>The raw resources in force: what nodes get that are in no group.</summary>
    public static ImmutableArray<RawResource> RawOf(ResourceGroups served) =>
        [.. (served.Default ?? ResourceSet.Empty).Types.SelectMany(t => t.All)
            .Select(r => new RawResource(
                r.TypeUrl, r.Name, r.Body, EnvoyMessages.Of(r.TypeUrl, r.Body), new SourcePosition("(raw resources in force)"))
            {
                TimeToLive = r.TimeToLive,
            })];

    // A file is the former one of the same name, changed.
    private static FolderSnapshot AsIfSaved(FolderSnapshot files, ImmutableArray<ManifestText> inForce)
    {
        var paths = inForce.GroupBy(t => Path.GetFileName(t.Path), StringComparer.Ordinal)
            .Where(same => !same.Skip(1).Any())
            .ToDictionary(same => same.Key, same => same.First().Path, StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return FolderSnapshot.Of(
            files.Files.Select(f => paths.TryGetValue(Path.GetFileName(f.Path), out var former) && taken.Add(former)
                ? f with { Path = former }
                : f),
            []);
    }
}
