using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Makes a structure that is only declared the alias of the one that is defined, where there is one of its name.</summary>
internal static class ForwardTypes
{
    public static void Resolve(TypeGraph graph, uint[] alias)
    {
        var defined = new Dictionary<(uint Name, BtfKind Kind), uint>();
        for (var id = 1u; id < graph.EndId; id++)
        {
            if (graph.KindOf(id) is (BtfKind.Struct or BtfKind.Union) and var kind && graph[id][0] != 0)
            {
                // Void stands for several that differ.
                var key = (graph[id][0], kind);
                defined[key] = !defined.TryGetValue(key, out var other) ? id : other != 0 && LooksLike(graph, other, id) ? other : 0;
            }
        }

        for (var id = 1u; id < graph.EndId; id++)
        {
            if (graph.KindOf(id) == BtfKind.Forward)
            {
                var kind = graph[id][1] >> 31 != 0 ? BtfKind.Union : BtfKind.Struct;
                alias[id] = defined.GetValueOrDefault((graph[id][0], kind)) is > 0 and var found ? found : id;
            }
        }
    }

    // The same but for the types that they lead to.
    private static bool LooksLike(TypeGraph graph, uint a, uint b)
    {
        var kind = graph.KindOf(a);
        var one = graph[a];
        var two = graph[b];
        if (one.Length != two.Length)
        {
            return false;
        }

        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != two[i] && TypeRoles.Of(kind, i) != TypeRole.Type)
            {
                return false;
            }
        }

        return true;
    }
}
