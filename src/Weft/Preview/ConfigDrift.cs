using System.Collections.Immutable;
using Weft.Admin;

namespace Weft.Preview;

/// <summary>A resource that a node is served and has not accepted, or the other way round.</summary>
internal sealed record DriftedResource(ChangeKind Kind, string Name, ImmutableArray<FieldChange> Fields);

/// <summary>How a node stands to what it is served of one type.</summary>
/// <param name="Served">How many resources it is served.</param>
/// <param name="Held">What the control plane knows of what the node has; null where the node has not asked for the type.</param>
/// <param name="Resources">What differs; null where it is not known any more which.</param>
internal sealed record ConfigDrift(string Type, int Served, TypeView? Held, ImmutableArray<DriftedResource>? Resources)
{
    public static ImmutableArray<ConfigDrift> Of(NodeConfigView view, IReadOnlyCollection<ResourceBody> chosen) =>
        [.. chosen.Select(r => r.Type).Union(view.Held.Keys).Order(StringComparer.Ordinal)
            .Select(type => Of(view, type, [.. chosen.Where(r => r.Type == type)]))];

    private static ConfigDrift Of(NodeConfigView view, string type, ImmutableArray<ResourceBody> served)
    {
        var held = view.Types.GetValueOrDefault(type);
        return new(type, served.Length, held, held?.State switch
        {
            "synced" => [],
            "pending" or "rejected" when view.Held.TryGetValue(type, out var has) => [.. Compare(has, served)],
            _ => null,
        });
    }

    private static IEnumerable<DriftedResource> Compare(ImmutableArray<ResourceBody> has, ImmutableArray<ResourceBody> served)
    {
        foreach (var name in has.Concat(served).Select(r => r.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (one, other) = (has.FirstOrDefault(r => r.Name == name), served.FirstOrDefault(r => r.Name == name));
            if (one is null || other is null)
            {
                yield return new(one is null ? ChangeKind.Added : ChangeKind.Removed, name, []);
            }
            else if (one.Version != other.Version
                && one.Message() is { } before && other.Message() is { } after)
            {
                yield return new(ChangeKind.Changed, name, FieldDiff.Of(before, after));
            }
        }
    }
}
