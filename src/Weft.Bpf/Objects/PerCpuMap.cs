using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// A map in which each possible processor has a value of its own for a key, as <see cref="Map{TKey, TValue}"/> otherwise.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value of one processor.</typeparam>
public sealed class PerCpuMap<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TKey,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const int MostOnStack = 1024;

    private readonly int _stride;

    /// <param name="map">The map, which the caller disposes of.</param>
    /// <exception cref="InvalidOperationException">Its processors have no values of their own.</exception>
    /// <exception cref="MapMismatchException">The types do not fit.</exception>
    public PerCpuMap(BpfMap map)
    {
        if (!map.IsPerCpu)
        {
            throw new InvalidOperationException($"map {map.Name}: the processors have no values of their own in a {map.Type}");
        }

        new TypeComparison(map).Key<TKey>().Value<TValue>((int)map.Spec.ValueSize).ThrowIfAny();
        Untyped = map;
        Processors = PossibleProcessors.Count(map.Kernel);
        _stride = MapLayout.Stride(map.Spec.ValueSize);
    }

    /// <summary>The map as bytes.</summary>
    public BpfMap Untyped { get; }

    /// <summary>How many values there are for a key: one for each possible processor.</summary>
    public int Processors { get; }

    /// <summary>Reads the values of a key.</summary>
    /// <param name="values">Takes the value of each processor.</param>
    /// <returns>Whether there are some.</returns>
    /// <exception cref="ArgumentException">There is no room for all.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool TryGet(in TKey key, Span<TValue> values)
    {
        CheckLength(values.Length);
        var rented = Untyped.ValueSize > MostOnStack ? ArrayPool<byte>.Shared.Rent(Untyped.ValueSize) : null;
        var bytes = (rented ?? stackalloc byte[MostOnStack])[..Untyped.ValueSize];
        var found = Untyped.TryLookup(Bytes(in key), bytes);
        if (found)
        {
            Spread(bytes, values);
        }

        Return(rented);
        return found;
    }

    /// <summary>Adds or replaces the values of a key.</summary>
    /// <param name="values">The value of each processor.</param>
    /// <inheritdoc cref="TryGet"/>
    public void Update(in TKey key, ReadOnlySpan<TValue> values, MapUpdate how = MapUpdate.Any)
    {
        CheckLength(values.Length);
        var rented = Untyped.ValueSize > MostOnStack ? ArrayPool<byte>.Shared.Rent(Untyped.ValueSize) : null;
        var bytes = (rented ?? stackalloc byte[MostOnStack])[..Untyped.ValueSize];
        bytes.Clear();
        for (var i = 0; i < Processors; i++)
        {
            MemoryMarshal.Write(bytes[(i * _stride)..], in values[i]);
        }

        Untyped.Update(Bytes(in key), bytes, how);
        Return(rented);
    }

    /// <summary>Takes the values of a key out.</summary>
    /// <inheritdoc cref="BpfMap.TryDelete"/>
    public bool Remove(in TKey key) => Untyped.TryDelete(Bytes(in key));

    /// <summary>Goes through the elements as <see cref="BpfMap.Walk"/> does.</summary>
    public Walker GetEnumerator() => new(this, Untyped.Walk());

    private static ReadOnlySpan<byte> Bytes(in TKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key));

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Spread(ReadOnlySpan<byte> bytes, Span<TValue> values)
    {
        for (var i = 0; i < Processors; i++)
        {
            values[i] = Unsafe.ReadUnaligned<TValue>(in bytes[i * _stride]);
        }
    }

    private void CheckLength(int length)
    {
        if (length != Processors)
        {
            throw new ArgumentException($"map {Untyped.Name}: there are {Processors} possible processors, but {length} values");
        }
    }

    /// <summary>Where one is who goes through the map.</summary>
    public readonly struct Walker
    {
        private readonly PerCpuMap<TKey, TValue> _map;
        private readonly MapWalk _walk;

        internal Walker(PerCpuMap<TKey, TValue> map, MapWalk walk) => (_map, _walk) = (map, walk);

        /// <summary>The element.</summary>
        public Walker Current => this;

        /// <summary>Its key.</summary>
        public TKey Key => MemoryMarshal.Read<TKey>(_walk.Key);

        /// <inheritdoc cref="MapWalk.WasAborted"/>
        public bool WasAborted => _walk.WasAborted;

        /// <summary>Copies the value of each processor.</summary>
        /// <exception cref="ArgumentException">There is no room for all.</exception>
        public void CopyValues(Span<TValue> values)
        {
            _map.CheckLength(values.Length);
            _map.Spread(_walk.Value, values);
        }

        /// <inheritdoc cref="MapWalk.MoveNext"/>
        public bool MoveNext() => _walk.MoveNext();
    }
}
