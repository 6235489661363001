namespace Weft.Wasm.Modules;

/// <summary>A part of a module's bytes.</summary>
/// <param name="Offset">Where it begins, in bytes from the beginning of the module.</param>
/// <param name="Length">How many bytes it has.</param>
public readonly record struct ByteRange(int Offset, int Length)
{
    /// <summary>The offset of the first byte behind it.</summary>
    public int End => Offset + Length;

    /// <summary>The bytes.</summary>
    /// <param name="module">The module that the range is a part of.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is one of another module.</exception>
    public ReadOnlySpan<byte> In(WasmModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.Bytes.Span.Slice(Offset, Length);
    }
}
