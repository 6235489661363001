using System.Numerics;

namespace Weft.Bpf.Btf;

/// <summary>
/// The types of one file by their names without flavours: a table of chains, of two numbers for each type and no text, for
/// a kernel has more than a hundred thousand.
/// </summary>
internal sealed class BtfNameIndex : IDisposable
{
    private readonly uint _firstId;

    // The first type of a chain, from 1; 0 where there is none. A power of two in length.
    private readonly BtfNumbers _heads;
    private readonly BtfNumbers _next;

    private BtfNameIndex(uint firstId, int count)
    {
        _firstId = firstId;
        _heads = new((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count / 2, 16)), isZeroed: true);
        _next = new(count, isZeroed: false);
    }

    public static BtfNameIndex Of(BtfSpec types)
    {
        var result = new BtfNameIndex(types.FirstId, types.Count);
        var heads = result._heads.Span;
        var next = result._next.Span;
        var names = types.OwnNames();

        // From the last to the first, so that chains have ids in order.
        for (var i = types.Count - 1; i >= 0; i--)
        {
            next[i] = 0;
            if (names.TryHash(i, out var hash))
            {
                ref var head = ref heads[(int)(hash & (uint)(heads.Length - 1))];
                (next[i], head) = (head, (uint)i + 1);
            }
        }

        GC.KeepAlive(result);
        return result;
    }

    /// <summary>The first type that may have a name, flavour or not, or another name; 0 where there is none.</summary>
    /// <param name="name">The name without a flavour.</param>
    public uint First(ReadOnlySpan<byte> name) => IdOf(_heads[(int)(BtfNameHash.Of(name) & (uint)(_heads.Length - 1))]);

    /// <summary>The type after another one that may have the same name; 0 where there is none.</summary>
    public uint Next(uint id) => IdOf(_next[(int)(id - _firstId)]);

    public void Dispose()
    {
        _heads.Dispose();
        _next.Dispose();
    }

    private uint IdOf(uint link) => link == 0 ? 0 : _firstId + link - 1;
}
