using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Types;

/// <summary>Refuses structures that contain themselves, which only damaged objects have, and C# cannot compile.</summary>
internal sealed class Containment(BtfSpec? types)
{
    private const int MaxDepth = 64;

    // False while what is in it is looked at.
    private readonly Dictionary<uint, bool> _seen = [];

    /// <returns>True.</returns>
    /// <exception cref="BpfFormatException">A structure contains itself, or structures lie too deep in each other.</exception>
    public bool Check(uint id, int depth = 0)
    {
        id = Element(id);
        if (types!.Get(id) is not BtfComposite composite || (_seen.TryGetValue(id, out var isDone) && isDone))
        {
            return true;
        }

        if (depth > MaxDepth || !_seen.TryAdd(id, false))
        {
            throw new BpfFormatException($"type {id} contains itself, or is too deep");
        }

        foreach (var member in composite.Members)
        {
            Check(member.Type, depth + 1);
        }

        return _seen[id] = true;
    }

    private uint Element(uint id)
    {
        id = types!.Skip(id);
        for (var depth = 0; depth < MaxDepth && types.Get(id) is BtfArray array; depth++)
        {
            id = types.Skip(array.Element);
        }

        return id;
    }
}
