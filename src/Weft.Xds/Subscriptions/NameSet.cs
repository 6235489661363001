using System.Collections;
using Weft.Flow;

namespace Weft.Xds.Subscriptions;

/// <summary>
/// Names as a request has them, in its order. Immutable: clients that ask for the same share one, and what they ask for
/// takes memory once.
/// </summary>
internal sealed class NameSet : IReadOnlyCollection<string>
{
    private readonly string[] _names;

    /// <param name="asked">Stands for the names in their order.</param>
    public NameSet(string[] names, ContentHash asked)
    {
        (_names, Asked) = (names, asked);
        Distinct = new(names, StringComparer.Ordinal);
        Characters = Distinct.Sum(static name => (long)name.Length);
    }

    public static NameSet None { get; } = new([], ContentHash.Empty);

    /// <summary>Equal where the names and their order are.</summary>
    public ContentHash Asked { get; }

    /// <summary>Each name once. Nobody may change it.</summary>
    public HashSet<string> Distinct { get; }

    /// <summary>How long they are together, each once.</summary>
    public long Characters { get; }

    public int Count => _names.Length;

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
