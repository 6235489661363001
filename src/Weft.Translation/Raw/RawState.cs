using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Translation.Raw;

/// <summary>
/// The raw resources in force. A bad text never replaces a good resource: a file that cannot be read keeps all its last
/// good resources, a resource with mistakes keeps its last good version. Deleting a file withdraws what it gave.
/// </summary>
/// <remarks>
/// <code>
/// file, at each step        its resources in force
/// absent                    none
/// same text                 as before
/// cannot be read            as before, and a diagnostic
/// read                      the good ones; for each refused one its last good version, and a diagnostic
/// </code>
/// Where a name is given twice, a version just read wins over a kept one, then the first by path and line.
/// </remarks>
public sealed class RawState
{
    private readonly ImmutableSortedDictionary<string, FileState> _files;

    private RawState(
        ImmutableSortedDictionary<string, FileState> files,
        ImmutableArray<RawResource> resources,
        ImmutableArray<Diagnostic> diagnostics)
    {
        _files = files;
        Resources = resources;
        Diagnostics = diagnostics;
    }

    /// <summary>Before the first file.</summary>
    public static RawState Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, FileState>(StringComparer.Ordinal), [], []);

    /// <summary>What is in force: each type and name once, sorted by them.</summary>
    public ImmutableArray<RawResource> Resources { get; }

    /// <summary>Every mistake in the files as they are now, and what is kept in spite of them.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>The next state, from all files there are now; the same object when no text has changed.</summary>
    /// <param name="files">The texts by path.</param>
    public RawState Step(ImmutableSortedDictionary<string, string> files)
    {
        var changed = files.Where(file => _files.GetValueOrDefault(file.Key)?.Text != file.Value).ToList();
        if (changed.Count == 0 && files.Count == _files.Count)
        {
            return this;
        }

        var last = Resources.ToDictionary(resource => (resource.TypeUrl, resource.Name));
        var next = _files.RemoveRange(_files.Keys.Where(path => !files.ContainsKey(path)).ToList())
            .SetItems(changed.Select(file => KeyValuePair.Create(
                file.Key, FileState.Next(_files.GetValueOrDefault(file.Key), file.Key, file.Value, last))));
        return Merge(next);
    }

    private static RawState Merge(ImmutableSortedDictionary<string, FileState> files)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var chosen = new SortedDictionary<(string, string), RawResource>(ByTypeAndName);
        foreach (var file in files.Values)
        {
            diagnostics.AddRange(file.Read.Diagnostics);
            foreach (var resource in file.Fresh)
            {
                if (!chosen.TryAdd((resource.TypeUrl, resource.Name), resource))
                {
                    diagnostics.Add(Twice(resource, chosen[(resource.TypeUrl, resource.Name)]));
                }
            }
        }

        foreach (var file in files.Values)
        {
            var kept = file.Kept.Count(resource => chosen.TryAdd((resource.TypeUrl, resource.Name), resource));
            if (kept > 0)
            {
                diagnostics.Add(Diagnostic.Warning(
                    RawCodes.LastGoodKept,
                    new(file.Path),
                    $"{kept} of the resources in the file's last good version stay in force.",
                    "correct the file's errors, or delete what shall go"));
            }
        }

        return new(files, [.. chosen.Values], diagnostics.ToImmutable());
    }

    private static readonly Comparer<(string Type, string Name)> ByTypeAndName =
        Comparer<(string Type, string Name)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Type, b.Type) is var order and not 0
                ? order
                : string.CompareOrdinal(a.Name, b.Name));

    private static Diagnostic Twice(RawResource second, RawResource first) =>
        Diagnostic.Error(
            RawCodes.DuplicateResource,
            second.Where,
            $"{second.TypeUrl} {Shown.Quoted(second.Name)} is given twice, first at {first.Where}; that one stays.",
            "rename or remove one");

    /// <summary>One file: its text, and which resources it answers for.</summary>
    /// <param name="Read">What the text says.</param>
    /// <param name="Kept">Last good versions of what the text gives wrongly.</param>
    private sealed record FileState(string Path, string Text, RawResources Read, ImmutableArray<RawResource> Kept)
    {
        /// <summary>What the text gives rightly.</summary>
        public ImmutableArray<RawResource> Fresh => Read.Resources;

        /// <param name="before">The same file before, if it was there.</param>
        /// <param name="last">All in force before: a resource may have moved here, and broken on the way.</param>
        public static FileState Next(
            FileState? before, string path, string text, Dictionary<(string Type, string Name), RawResource> last)
        {
            var read = RawReader.Read(path, text);
            var held = before is null ? [] : before.Fresh.AddRange(before.Kept);
            if (!read.Parsed)
            {
                return new(path, text, read, held);
            }

            var named = read.Refused
                .Where(refused => refused is { TypeUrl: not null, Name: not null })
                .Select(refused => last.GetValueOrDefault((refused.TypeUrl!, refused.Name!)))
                .OfType<RawResource>();
            var unnamed = read.Refused.Where(refused => refused.TypeUrl is null || refused.Name is null).ToList();

            // Which resource a nameless one was cannot be told: all that the file no longer names may be it.
            var given = read.Resources.Select(resource => (resource.TypeUrl, resource.Name)).ToHashSet();
            var perhaps = held.Where(resource =>
                !given.Contains((resource.TypeUrl, resource.Name))
                && unnamed.Any(refused => refused.MayBe(resource)));
            return new(path, text, read, [.. named.Concat(perhaps).Distinct()]);
        }
    }
}
