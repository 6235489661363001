using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <content>Many elements in one system call. Linux 5.6.</content>
public sealed partial class Map<TKey, TValue>
{
    /// <inheritdoc cref="BpfMap.ReadBatch"/>
    public int ReadBatch(MapCursor cursor, Span<TKey> keys, Span<TValue> values) =>
        Untyped.ReadBatch(cursor, MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values));

    /// <inheritdoc cref="BpfMap.TakeBatch"/>
    public int TakeBatch(MapCursor cursor, Span<TKey> keys, Span<TValue> values) =>
        Untyped.TakeBatch(cursor, MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values));

    /// <inheritdoc cref="BpfMap.UpdateBatch(ReadOnlySpan{byte}, ReadOnlySpan{byte}, out int, MapUpdate)"/>
    public void UpdateBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values, MapUpdate how = MapUpdate.Any) =>
        Untyped.UpdateBatch(MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values), how);

    /// <inheritdoc cref="BpfMap.DeleteBatch"/>
    public int DeleteBatch(ReadOnlySpan<TKey> keys) => Untyped.DeleteBatch(MemoryMarshal.AsBytes(keys));
}
