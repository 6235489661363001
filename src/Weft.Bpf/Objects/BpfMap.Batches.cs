using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Many elements in one system call. Linux 5.6; arrays with a value for each processor 5.13.</content>
public sealed partial class BpfMap
{
    /// <summary>A cursor before the first element.</summary>
    public MapCursor NewCursor() => new(KeySize);

    /// <summary>
    /// Reads elements from where the last call ended. A hash map gives whole buckets, so that each element that stays is read
    /// once, whatever else is added or taken out meanwhile.
    /// </summary>
    /// <param name="cursor">Where to go on; tells whether all is read.</param>
    /// <param name="keys">Takes the keys, one behind the other.</param>
    /// <param name="values">Takes as many values.</param>
    /// <returns>How many elements were read; 0 may come before the end.</returns>
    /// <exception cref="ArgumentException">The buffers are not of as many elements.</exception>
    /// <exception cref="KernelException">
    /// <c>ENOSPC</c>: the next bucket has more elements than the buffers take; the cursor stays. Errors 524 and <c>EINVAL</c>:
    /// this map, or this kernel, cannot do it.
    /// </exception>
    public int ReadBatch(MapCursor cursor, Span<byte> keys, Span<byte> values) => Read(BpfCommand.MapLookupBatch, cursor, keys, values);

    /// <summary>Reads elements as <see cref="ReadBatch"/> does and takes them out, each in one step. Hash maps.</summary>
    /// <inheritdoc cref="ReadBatch"/>
    public int TakeBatch(MapCursor cursor, Span<byte> keys, Span<byte> values) =>
        Read(BpfCommand.MapLookupAndDeleteBatch, cursor, keys, values);

    /// <summary>Adds or replaces elements.</summary>
    /// <param name="how">What it wants to find for each.</param>
    /// <param name="written">How many were written: all, or those before the refused one when it throws.</param>
    /// <exception cref="ArgumentException">There are not as many keys as values.</exception>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public unsafe void UpdateBatch(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, out int written, MapUpdate how = MapUpdate.Any)
    {
        var attributes = new BatchAttributes { Count = CountOf(keys, values), ElementFlags = (ulong)how };
        fixed (byte* keyBytes = keys, valueBytes = values)
        {
            attributes.Keys = keyBytes;
            attributes.Values = valueBytes;
            var asked = attributes.Count;
            var result = asked == 0 ? 0 : Ask(BpfCommand.MapUpdateBatch, ref attributes);
            written = result >= 0 ? (int)asked : CountAfter(result, attributes, asked);
            if (result < 0)
            {
                throw Refused(result, "map_update_batch");
            }
        }
    }

    /// <inheritdoc cref="UpdateBatch(ReadOnlySpan{byte}, ReadOnlySpan{byte}, out int, MapUpdate)"/>
    public void UpdateBatch(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, MapUpdate how = MapUpdate.Any) =>
        UpdateBatch(keys, values, out _, how);

    /// <summary>Takes elements out. Keys that are not there are passed over.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentException">The keys are not whole.</exception>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public unsafe int DeleteBatch(ReadOnlySpan<byte> keys)
    {
        var total = WholeKeys(keys);
        var deleted = 0;
        fixed (byte* keyBytes = keys)
        {
            for (var at = 0; at < total;)
            {
                var attributes = new BatchAttributes { Keys = keyBytes + ((long)at * KeySize), Count = (uint)(total - at) };
                var result = Ask(BpfCommand.MapDeleteBatch, ref attributes);
                if (result is not (>= 0 or -Errno.NoEntry))
                {
                    throw Refused(result, "map_delete_batch");
                }

                // The kernel stops at a key that is not there.
                var done = result >= 0 ? total - at : CountAfter(result, attributes, (uint)(total - at));
                deleted += done;
                at += result >= 0 ? done : done + 1;
            }
        }

        return deleted;
    }

    /// <summary>As <see cref="ReadBatch"/>, with the kernel's error as its result.</summary>
    internal unsafe long TryRead(BpfCommand command, MapCursor cursor, Span<byte> keys, Span<byte> values)
    {
        var asked = CountOf(keys, values);
        CheckCursor(cursor);
        if (cursor.IsAtEnd || asked == 0)
        {
            return 0;
        }

        var attributes = new BatchAttributes { Count = asked };
        fixed (byte* before = cursor.Before, after = cursor.After, keyBytes = keys, valueBytes = values)
        {
            attributes.CursorBefore = before;
            attributes.CursorAfter = after;
            attributes.Keys = keyBytes;
            attributes.Values = valueBytes;
            var result = Ask(command, ref attributes);
            if (result is not (>= 0 or -Errno.NoEntry))
            {
                return result;
            }

            cursor.IsAtEnd = result < 0;
            cursor.Advance();
            return Math.Min(attributes.Count, asked);
        }
    }

    private int Read(BpfCommand command, MapCursor cursor, Span<byte> keys, Span<byte> values)
    {
        var result = TryRead(command, cursor, keys, values);
        return result >= 0
            ? (int)result
            : throw Refused(result, command == BpfCommand.MapLookupBatch ? "map_lookup_batch" : "map_lookup_and_delete_batch");
    }

    private long Ask(BpfCommand command, ref BatchAttributes attributes)
    {
        using var use = new DescriptorUse(Descriptor);
        attributes.Map = use.Number;
        var asked = attributes.Count;
        var result = Kernel.CallOnce(command, ref attributes);
        for (var tries = 0; result is -Errno.Again or -Errno.Interrupted && tries < BpfCalls.MaxTries; tries++)
        {
            // The kernel has written how far it came.
            attributes.Count = asked;
            result = Kernel.CallOnce(command, ref attributes);
        }

        return result;
    }

    // The kernel writes as many bytes as this map's keys have, wherever the cursor comes from.
    private void CheckCursor(MapCursor cursor)
    {
        if (cursor.Size < Math.Max(KeySize, sizeof(uint)))
        {
            throw new ArgumentException($"map {Name}: the cursor is of another map", nameof(cursor));
        }
    }

    // With EFAULT, or where the command is not known, the count is what was asked.
    private static int CountAfter(long result, in BatchAttributes attributes, uint asked) =>
        result is -Errno.BadAddress or -Errno.Invalid or -Errno.KernelNotSupported || attributes.Count > asked ? 0 : (int)attributes.Count;

    private uint CountOf(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values)
    {
        var count = WholeKeys(keys);
        return (long)count * ValueSize == values.Length
            ? (uint)count
            : throw new ArgumentException($"map {Name}: {count} keys, but {values.Length} bytes of values of {ValueSize} bytes");
    }

    private int WholeKeys(ReadOnlySpan<byte> keys) => KeySize > 0 && keys.Length % KeySize == 0
        ? keys.Length / KeySize
        : throw new ArgumentException($"map {Name}: {keys.Length} bytes are no whole keys of {KeySize} bytes");
}
