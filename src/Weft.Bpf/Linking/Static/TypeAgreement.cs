using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>
/// Whether two objects mean the same by a name: a declaration and a definition have the same types, but for their other names and
/// qualifiers; an array may lack its length, a structure may be declared only.
/// </summary>
internal sealed class TypeAgreement(TypeGraph graph, uint[] alias)
{
    private const int MaxSteps = 1 << 20;

    private readonly Stack<(uint, uint)> _open = [];

    public bool Agree(uint one, uint two)
    {
        var seen = new HashSet<(uint, uint)>();
        _open.Clear();
        _open.Push((one, two));
        while (_open.TryPop(out var pair))
        {
            var (a, b) = (Skip(pair.Item1), Skip(pair.Item2));
            if (a == b || !seen.Add((a, b)))
            {
                continue;
            }

            if (seen.Count > MaxSteps || !LooksSame(a, b))
            {
                return false;
            }
        }

        return true;
    }

    private bool LooksSame(uint a, uint b)
    {
        var (kind, other) = (graph.KindOf(a), graph.KindOf(b));
        if (kind == BtfKind.Forward || other == BtfKind.Forward)
        {
            return a != 0 && b != 0 && graph[a][0] == graph[b][0]
                && (kind == other || kind is BtfKind.Struct or BtfKind.Union || other is BtfKind.Struct or BtfKind.Union);
        }

        if (kind != other || a == 0 || b == 0 || graph[a].Length != graph[b].Length)
        {
            return false;
        }

        var one = graph[a];
        var two = graph[b];
        for (var i = 0; i < one.Length; i++)
        {
            if (TypeRoles.Of(kind, i) == TypeRole.Type)
            {
                _open.Push((one[i], two[i]));
            }
            else if (one[i] != two[i] && !MayDiffer(kind, i, one[i], two[i]))
            {
                return false;
            }
        }

        return true;
    }

    // The linkage of what is declared, a length, the names of parameters.
    private static bool MayDiffer(BtfKind kind, int index, uint a, uint b) => kind switch
    {
        BtfKind.Function => index == 1,
        BtfKind.Variable => index == 3,
        BtfKind.Array => index == 5 && (a == 0 || b == 0),
        BtfKind.Prototype => index != 1 && TypeRoles.Of(kind, index) == TypeRole.Text,
        _ => false,
    };

    private uint Skip(uint id)
    {
        id = alias[id];
        for (var depth = 0; depth < 64 && graph.KindOf(id) is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Typedef; depth++)
        {
            id = alias[graph[id][2]];
        }

        return id;
    }
}
