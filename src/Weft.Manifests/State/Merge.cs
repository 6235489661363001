using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Manifests.State;

/// <summary>The objects of all files as one, and everything that is to be said about them.</summary>
internal sealed record Merge(ImmutableArray<Held> InForce, ImmutableArray<Diagnostic> Diagnostics)
{
    private const int MaxNamed = 5;

    /// <summary>The objects by kind. A kind whose objects are the very ones of before keeps its array.</summary>
    public MeshObjects ObjectsAfter(MeshObjects before)
    {
        var kinds = InForce.Select(o => o.Config).ToLookup(config => config.GetType());
        ImmutableArray<T> All<T>(ImmutableArray<T> former)
            where T : class
        {
            ImmutableArray<T> now = [.. kinds[typeof(T)].Cast<T>()];
            return now.AsSpan().SequenceEqual(former.AsSpan(), ReferenceEqualityComparer.Instance) ? former : now;
        }

        return new(
            All(before.Services), All(before.EndpointSlices), All(before.Routes), All(before.Workloads), All(before.Gateways),
            All(before.Grants), All(before.Secrets), All(before.Policies), All(before.Namespaces), All(before.Meshes))
        {
            Plugins = All(before.Plugins),
        };
    }

    /// <param name="files">In order of their paths, by which the first of two objects of a name counts.</param>
    public static Merge Of(IEnumerable<FileState> files)
    {
        var inForce = new Dictionary<ObjectKey, Held>();
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var state in files)
        {
            diagnostics.AddRange(state.File.Diagnostics);
            diagnostics.AddRange(state.File.Documents.SelectMany(d => d.Diagnostics));
            var kept = new List<ObjectKey>();
            foreach (var held in state.Objects)
            {
                if (inForce.TryAdd(held.Key, held))
                {
                    kept.AddRange(held.IsKept ? [held.Key] : []);
                }
                else if (!held.IsKept)
                {
                    diagnostics.Add(Twice(held, inForce[held.Key]));
                }
            }

            AddNotes(state.File, kept, diagnostics);
        }

        return new([.. inForce.Values], diagnostics.ToImmutable());
    }

    private static Diagnostic Twice(Held second, Held first) => Diagnostic.Error(
        "WEFT1016", second.Where, $"{second.Key} is defined here and at {first.Where}; the latter stays in force.",
        "remove one of the two");

    private static void AddNotes(
        ManifestFile file, List<ObjectKey> kept, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var where = new SourcePosition(file.Path);
        if (file.IsComplete && file.Documents.IsEmpty)
        {
            diagnostics.Add(Diagnostic.Warning(
                "WEFT1017", where, "The file is empty, which withdraws nothing.", "delete the file, or fill it"));
        }

        if (kept.Count > 0)
        {
            var names = string.Join(", ", kept.Take(MaxNamed)) + (kept.Count > MaxNamed ? ", …" : "");
            diagnostics.Add(new(
                "WEFT1018", Severity.Info, where, $"The last good version of {kept.Count} stays in force: {names}."));
        }
    }
}
