namespace Weft.Wasm.Compiling.Emit;

/// <summary>A set of locals for each instruction, as bits side by side.</summary>
internal sealed class LiveSets(int instructions, int locals)
{
    private readonly int _words = (locals + 63) / 64;
    private readonly ulong[] _bits = new ulong[instructions * ((locals + 63) / 64)];

    public bool Has(int instruction, int local) => (_bits[(instruction * _words) + (local >> 6)] >> (local & 63) & 1) != 0;

    /// <summary>Adds what another set has.</summary>
    public void Add(int instruction, LiveSets from, int source)
    {
        for (var word = 0; word < _words; word++)
        {
            _bits[(instruction * _words) + word] |= from._bits[(source * _words) + word];
        }
    }

    /// <summary>Becomes what another set is before an access: a read needs the local, a write does not.</summary>
    /// <returns>Whether it was something else.</returns>
    public bool Become(int instruction, LiveSets from, int source, WasmInsn? access)
    {
        var changed = false;
        for (var word = 0; word < _words; word++)
        {
            var value = from._bits[(source * _words) + word];
            if (access is not null && access.Local >> 6 == word)
            {
                var bit = 1UL << (access.Local & 63);
                value = access.Op == Op.LocalGet ? value | bit : value & ~bit;
            }

            ref var here = ref _bits[(instruction * _words) + word];
            changed |= here != value;
            here = value;
        }

        return changed;
    }
}
