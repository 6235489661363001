using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>
/// A map with keys and values of types of C#, which lie in memory as the program's do. When it is made, their sizes are
/// compared with the map's, and the places of their fields with the map's types. Its operations take no memory of the heap,
/// and may be called by several threads. Elements of arrays are always there.
/// </summary>
/// <typeparam name="TKey">
/// The key. The kernel compares all of its bytes, also those between fields and behind the last, which the language does not
/// promise to copy: they must be zero, as <c>default</c> makes them. A key that has such bytes, in C too, is safer with a field
/// in their place.
/// </typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed partial class Map<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TKey,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    /// <param name="map">The map, which the caller disposes of.</param>
    /// <exception cref="MapMismatchException">The types do not fit.</exception>
    public Map(BpfMap map)
    {
        new TypeComparison(map).Key<TKey>().Value<TValue>(map.ValueSize).ThrowIfAny();
        Untyped = map;
    }

    /// <summary>The map as bytes.</summary>
    public BpfMap Untyped { get; }

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public TValue this[TKey key]
    {
        get => TryGet(key, out var value) ? value : throw new KeyNotFoundException($"map {Untyped.Name} has no element {key}");
        set => Update(key, value);
    }

    /// <summary>Reads a value.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool TryGet(in TKey key, out TValue value)
    {
        Unsafe.SkipInit(out value);
        var found = Untyped.TryLookup(Bytes(in key), Writable(ref value));
        if (!found)
        {
            value = default;
        }

        return found;
    }

    /// <summary>Adds or replaces an element.</summary>
    /// <inheritdoc cref="BpfMap.Update(ReadOnlySpan{byte}, ReadOnlySpan{byte}, MapUpdate)"/>
    public void Update(in TKey key, in TValue value, MapUpdate how = MapUpdate.Any) => Untyped.Update(Bytes(in key), Bytes(in value), how);

    /// <summary>Adds or replaces an element.</summary>
    /// <inheritdoc cref="BpfMap.TryUpdate"/>
    public bool TryUpdate(in TKey key, in TValue value, MapUpdate how) => Untyped.TryUpdate(Bytes(in key), Bytes(in value), how);

    /// <summary>Takes an element out.</summary>
    /// <inheritdoc cref="BpfMap.TryDelete"/>
    public bool Remove(in TKey key) => Untyped.TryDelete(Bytes(in key));

    /// <summary>Reads a value and takes the element out, in one step. Linux 5.14.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool TryTake(in TKey key, out TValue value)
    {
        value = default;
        return Untyped.TryLookupAndDelete(Bytes(in key), Writable(ref value));
    }

    /// <summary>Goes through the elements as <see cref="BpfMap.Walk"/> does; they may be taken out meanwhile.</summary>
    public Walker GetEnumerator() => new(Untyped.Walk());

    private static ReadOnlySpan<byte> Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    private static Span<byte> Writable<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value));

    /// <summary>Where one is who goes through the map.</summary>
    public readonly struct Walker
    {
        private readonly MapWalk _walk;

        internal Walker(MapWalk walk) => _walk = walk;

        /// <summary>The element, as it was read.</summary>
        public KeyValuePair<TKey, TValue> Current => new(MemoryMarshal.Read<TKey>(_walk.Key), MemoryMarshal.Read<TValue>(_walk.Value));

        /// <inheritdoc cref="MapWalk.WasAborted"/>
        public bool WasAborted => _walk.WasAborted;

        /// <inheritdoc cref="MapWalk.MoveNext"/>
        public bool MoveNext() => _walk.MoveNext();
    }
}
