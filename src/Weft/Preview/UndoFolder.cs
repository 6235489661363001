using System.Collections.Immutable;
using Weft.Admin;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>The manifests in force as a folder: whoever puts it in force again has the former state.</summary>
internal static class UndoFolder
{
    /// <summary>What would be written, and whether it restores exactly what is served. Pure.</summary>
    public static (ImmutableArray<ManifestText> Files, UndoView View) Plan(
        string folder, ImmutableArray<ManifestText> inForce, ResourceGroups served)
    {
        var files = Named(inForce);
        var planned = PlannedMesh.Of(PlannedMesh.Files(files), files, PlannedMesh.RawOf(served), ResourceGroups.Unpublished).Groups;
        // What is served to nobody yet is not told; it follows from the same manifests.
        var exact = served.Made.All(g => planned.ByName.ContainsKey(g.Key) && planned.For(g.Key)!.Hash == g.Value.Hash)
            && planned.Made.All(g => served.ByName.ContainsKey(g.Key));
        return (files, new(
            folder, exact, [.. files.Select(f => f.Path)],
            [.. inForce.Where(f => f.Note is not null).Select(f => $"{f.Path}: {f.Note}")]));
    }

    public static void Write(string folder, IEnumerable<ManifestText> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(folder, file.Path), file.Text);
        }
    }

    // A folder has no folders in it: where two files share their name, the way to them becomes part of it.
    private static ImmutableArray<ManifestText> Named(ImmutableArray<ManifestText> inForce)
    {
        var unique = inForce.Select(f => Path.GetFileName(f.Path)).Distinct(StringComparer.Ordinal).Count() == inForce.Length;
        return [.. inForce.Select(f => f with
        {
            Path = unique ? Path.GetFileName(f.Path) : f.Path.TrimStart('.', '/').Replace('/', '-').Replace('\\', '-'),
        })];
    }
}
