namespace Weft.Bpf;

/// <content>Elements without keys: queues, stacks, Bloom filters.</content>
public sealed partial class BpfMap
{
    private const int MostOnStack = 512;

    /// <summary>Adds a value to a queue, a stack (Linux 4.20) or a Bloom filter (5.16).</summary>
    /// <param name="evictOldest">Whether a queue or stack that is full loses its oldest value.</param>
    /// <exception cref="ArgumentException">The value has another size.</exception>
    /// <exception cref="KernelException">The kernel refused: <c>E2BIG</c> where it is full.</exception>
    public void Push(ReadOnlySpan<byte> value, bool evictOldest = false) => Update(default, value, evictOldest ? MapUpdate.Existing : MapUpdate.Any);

    /// <summary>Takes the oldest value of a queue, the newest of a stack.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentException">The value has another size.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool TryPop(Span<byte> value) => TryLookupAndDelete(default, value);

    /// <summary>Copies the oldest value of a queue, the newest of a stack.</summary>
    /// <returns>Whether there is one.</returns>
    /// <inheritdoc cref="TryPop"/>
    public bool TryPeek(Span<byte> value) => TryLookup(default, value);

    /// <summary>Whether a Bloom filter may have a value: false is certain, true is not. Linux 5.16.</summary>
    /// <inheritdoc cref="TryPop"/>
    public bool MightContain(ReadOnlySpan<byte> value)
    {
        CheckValue(value);

        // The kernel writes the value back to where it was read.
        var copy = value.Length <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[value.Length];
        value.CopyTo(copy);
        return TryLookup(default, copy[..value.Length]);
    }
}
