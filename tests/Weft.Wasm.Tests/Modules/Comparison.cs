namespace Weft.Wasm.Tests.Modules;

/// <summary>Collects what two validators think of many modules.</summary>
/// <param name="seed">The seed that the modules were made of.</param>
/// <param name="known">A finding of Weft that the other one is known to overlook.</param>
internal sealed class Comparison(int seed, string? known = null)
{
    private readonly List<string> _differences = [];
    private int _valid;
    private int _refused;

    public int Seed => seed;

    public void Add(byte[] bytes, string? ours, bool isValidForThem)
    {
        // What Weft refuses by design is of no use as a comparison: others may know the feature, or have other limits.
        if (ours is not null && (ours.Contains("WEFT6104", StringComparison.Ordinal) || ours.Contains("WEFT6105", StringComparison.Ordinal)))
        {
            return;
        }

        if (known is not null && isValidForThem && ours?.Contains(known, StringComparison.Ordinal) == true)
        {
            return;
        }

        _valid += ours is null ? 1 : 0;
        _refused += ours is null ? 0 : 1;
        if (ours is null != isValidForThem)
        {
            _differences.Add($"{Convert.ToHexString(bytes)}: valid for them: {isValidForThem}; ours: {ours ?? "valid"}");
        }
    }

    /// <summary>Fails where they differ, and where the modules were all of one kind, which would prove nothing.</summary>
    public void Conclude()
    {
        Assert.True(_differences.Count == 0, $"seed {seed}, {_differences.Count} of {_valid + _refused} differ\n{string.Join('\n', _differences.Take(10))}");
        Assert.True(_valid * 20 > _refused && _refused * 20 > _valid, $"seed {seed}: {_valid} valid, {_refused} refused");
    }
}
