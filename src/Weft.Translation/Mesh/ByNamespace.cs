using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Weft.Translation;

/// <summary>
/// What the clients of a namespace share, made when it is first asked for. What was asked for before is at hand, to be
/// changed instead of made anew; what nobody asked for in the meantime is forgotten.
/// </summary>
/// <param name="former">Those of the translation before.</param>
/// <param name="make">Makes a namespace's, of the former one where there is one.</param>
internal sealed class ByNamespace<T>(ByNamespace<T>? former, Func<string, T?, T> make)
    where T : class
{
    private readonly ImmutableDictionary<string, T> _former = former is null
        ? ImmutableDictionary<string, T>.Empty
        : former._made.ToImmutableDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, T> _made = new(StringComparer.Ordinal);

    public T For(string clientNamespace) =>
        _made.GetOrAdd(clientNamespace, name => make(name, _former.GetValueOrDefault(name)));
}
