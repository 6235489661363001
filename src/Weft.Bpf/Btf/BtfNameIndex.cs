namespace Weft.Bpf.Btf;

/// <summary>
/// The types of one file by their names without flavours: a table of chains, of two numbers for each type and no text, for
/// a kernel has more than a hundred thousand.
/// </summary>
internal sealed class BtfNameIndex
{
    private readonly uint _firstId;

    // The first type of a chain, from 1; 0 where there is none. A power of two in length.
    private readonly int[] _heads;
    private readonly int[] _next;

    private BtfNameIndex(uint firstId, int[] heads, int[] next)
    {
        _firstId = firstId;
        _heads = heads;
        _next = next;
    }

    public static BtfNameIndex Of(BtfSpec types)
    {
        var heads = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(types.Count, 16))];
        var next = new int[types.Count];

        // From the last to the first, so that chains have ids in order.
        for (var i = types.Count - 1; i >= 0; i--)
        {
            var name = BtfName.Essential(types.NameBytes(types.FirstId + (uint)i));
            if (name.Length > 0)
            {
                ref var head = ref heads[Hash(name) & (uint)(heads.Length - 1)];
                next[i] = head;
                head = i + 1;
            }
        }

        return new(types.FirstId, heads, next);
    }

    /// <summary>The types that may have this name, with a flavour or without, and a few others; in the order of their ids.</summary>
    /// <param name="name">The name without a flavour.</param>
    public List<uint> Find(ReadOnlySpan<byte> name)
    {
        var found = new List<uint>();
        for (var i = _heads[Hash(name) & (uint)(_heads.Length - 1)]; i != 0; i = _next[i - 1])
        {
            found.Add(_firstId + (uint)i - 1);
        }

        return found;
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}
