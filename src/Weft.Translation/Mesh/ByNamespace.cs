using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Translation;

/// <summary>
/// What the clients of a namespace share, made when it is first asked for. What was asked for before is at hand, to be
/// changed instead of made anew; what is left of a namespace that has gone is forgotten.
/// </summary>
/// <param name="former">Those of the translation before.</param>
/// <param name="namespaces">Those that there are.</param>
/// <param name="make">Makes a namespace's, of the former one where there is one.</param>
internal sealed class ByNamespace<T>(ByNamespace<T>? former, FrozenSet<string> namespaces, Func<string, T?, T> make)
    where T : class
{
    private readonly ImmutableDictionary<string, T> _former = former is null
        ? ImmutableDictionary<string, T>.Empty
        : former._former.SetItems(former._made).RemoveRange(former._former.Keys.Where(name => !namespaces.Contains(name)));

    private readonly ConcurrentDictionary<string, T> _made = new(StringComparer.Ordinal);

    public T For(string clientNamespace) =>
        _made.GetOrAdd(clientNamespace, name => make(name, _former.GetValueOrDefault(name)));
}
