using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>What the client asks for by name and cannot have, where it is told so by errors.</summary>
internal sealed partial class TypeState
{
    private static readonly Dictionary<string, XdsResource> Nothing = [];

    /// <summary>Whether it is to be told of an error.</summary>
    /// <param name="instead">What it is given instead of what it asked for: "must not intersect" with errors.</param>
    public bool HasUntoldError(ResourceMap map, Dictionary<string, XdsResource>? instead = null) =>
        ToldErrors is not null && HasAbsent(map) && Untold(map, instead ?? Nothing).Any();

    /// <summary>
    /// The errors that it is to be told of, which count as told from now on: "The xDS Management server is only expected to
    /// return the error message once" (TP3).
    /// </summary>
    /// <param name="most">How many at the most; the others are told later.</param>
    public ImmutableArray<ResourceError> TakeErrors(
        ResourceMap map, Dictionary<string, XdsResource>? instead = null, int most = int.MaxValue) =>
        HasUntoldError(map, instead) ? TakeUntold(map, instead ?? Nothing, most) : [];

    private ImmutableArray<ResourceError> TakeUntold(ResourceMap map, Dictionary<string, XdsResource> instead, int most)
    {
        var names = Untold(map, instead).Take(most).ToList();
        names.ForEach(name => ToldErrors![name] = map.Errors.GetValueOrDefault(name));
        return [.. names.Select(name => map.Errors.GetValueOrDefault(name) ?? ResourceError.NotFound(TypeUrl, name))];
    }

    // What it has is to be taken away first: as long as it may use it, it is not told that it is gone.
    private IEnumerable<string> Untold(ResourceMap map, Dictionary<string, XdsResource> instead) => Absent(map).Where(
        name => !WasSent(name) && !instead.ContainsKey(name) && !(ToldErrors!.TryGetValue(name, out var told) && told == map.Errors.GetValueOrDefault(name)));
}
