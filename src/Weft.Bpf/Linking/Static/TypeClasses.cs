using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>
/// Finds types that are the same: those that look the same, and lead to the same at each place. All that look the same begin in
/// one class; a class is parted as long as what its types lead to is in different ones. So circles are no hindrance.
/// </summary>
internal sealed class TypeClasses(TypeGraph graph, uint[] alias)
{
    // Some seconds. Damaged types may need as many rounds as there are types; they stay as many as they are.
    private const long MostWork = 100_000_000;

    private readonly int[] _class = new int[graph.EndId];
    private readonly Dictionary<(int, uint), int> _pairs = [];

    /// <summary>Makes each type the alias of the first that is the same.</summary>
    public void Merge()
    {
        var count = Start();
        for (var work = (long)graph.WordCount; ; work += graph.WordCount)
        {
            var parted = Part();
            if (parted == count)
            {
                break;
            }

            count = parted;
            if (work > MostWork)
            {
                return;
            }
        }

        var first = new Dictionary<int, uint>();
        for (var id = 1u; id < graph.EndId; id++)
        {
            alias[id] = alias[id] != id || first.TryAdd(_class[id], id) ? alias[id] : first[_class[id]];
        }

        // An alias of what has become one itself.
        for (var id = 1u; id < graph.EndId; id++)
        {
            alias[id] = alias[alias[id]];
        }
    }

    private int Start()
    {
        for (var id = 1u; id < graph.EndId; id++)
        {
            var words = graph[id];
            var kind = graph.KindOf(id);

            // Variables are places, not types.
            var result = kind is BtfKind.Variable or BtfKind.DataSection ? Pair(0, id) : 0;
            for (var i = 0; i < words.Length; i++)
            {
                result = TypeRoles.Of(kind, i) == TypeRole.Type ? result : Pair(result, words[i]);
            }

            _class[id] = Pair(result, uint.MaxValue);
        }

        return _class.Distinct().Count();
    }

    private int Part()
    {
        _pairs.Clear();
        var next = new int[_class.Length];
        for (var id = 1u; id < graph.EndId; id++)
        {
            var words = graph[id];
            var kind = graph.KindOf(id);
            var result = Pair(0, (uint)_class[id]);
            for (var i = 0; i < words.Length; i++)
            {
                result = TypeRoles.Of(kind, i) == TypeRole.Type ? Pair(result, (uint)_class[alias[words[i]]]) : result;
            }

            next[id] = result;
        }

        next.CopyTo(_class, 0);
        return _class.Distinct().Count();
    }

    // A number for each two that were seen together.
    private int Pair(int before, uint now)
    {
        if (!_pairs.TryGetValue((before, now), out var number))
        {
            _pairs[(before, now)] = number = _pairs.Count + 1;
        }

        return number;
    }
}
