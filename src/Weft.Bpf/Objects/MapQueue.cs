using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>A queue, a stack (Linux 4.20) or a Bloom filter (5.16) of values of a type of C#.</summary>
/// <typeparam name="TValue">The value, as in <see cref="Map{TKey, TValue}"/>.</typeparam>
public sealed class MapQueue<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TValue>
    where TValue : unmanaged
{
    /// <param name="map">The map, which the caller disposes of.</param>
    /// <exception cref="InvalidOperationException">It is none of these.</exception>
    /// <exception cref="MapMismatchException">The type does not fit.</exception>
    public MapQueue(BpfMap map)
    {
        if (!MapLayout.IsKeyless(map.Type))
        {
            throw new InvalidOperationException($"map {map.Name}: a {map.Type} has keys");
        }

        new TypeComparison(map).Value<TValue>(map.ValueSize).ThrowIfAny();
        Untyped = map;
    }

    /// <summary>The map as bytes.</summary>
    public BpfMap Untyped { get; }

    /// <inheritdoc cref="BpfMap.Push"/>
    public void Push(in TValue value, bool evictOldest = false) => Untyped.Push(Bytes(in value), evictOldest);

    /// <inheritdoc cref="BpfMap.TryPop"/>
    public bool TryPop(out TValue value)
    {
        value = default;
        return Untyped.TryPop(MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <inheritdoc cref="BpfMap.TryPeek"/>
    public bool TryPeek(out TValue value)
    {
        value = default;
        return Untyped.TryPeek(MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <inheritdoc cref="BpfMap.MightContain"/>
    public bool MightContain(in TValue value) => Untyped.MightContain(Bytes(in value));

    private static ReadOnlySpan<byte> Bytes(in TValue value) => MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value));
}
