using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>
/// Operations on one element, as bytes. They take no memory of the heap. A key must be of <see cref="KeySize"/> bytes, empty
/// where the map has none; a value of <see cref="ValueSize"/> bytes.
/// </content>
public sealed partial class BpfMap
{
    /// <summary>Copies the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Takes the value. Of a map of maps or programs it is the id of the object (Linux 4.20).</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentException">The key or the value has another size.</exception>
    /// <exception cref="KernelException">The kernel refused, for another reason.</exception>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value) => TryLookup(key, value, MapUpdate.Any);

    /// <summary>Copies the value of a key.</summary>
    /// <param name="flags"><see cref="MapUpdate.Locked"/> while its spin lock is held, or none.</param>
    /// <inheritdoc cref="TryLookup(ReadOnlySpan{byte}, Span{byte})"/>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value, MapUpdate flags)
    {
        CheckKey(key);
        CheckValue(value);
        var result = Ask(BpfCommand.MapLookupElement, key, value, (ulong)flags);
        return result >= 0 || (result == -Errno.NoEntry ? false : throw Refused(result, "map_lookup"));
    }

    /// <summary>Adds or replaces an element.</summary>
    /// <param name="how">What it wants to find.</param>
    /// <exception cref="ArgumentException">The key or the value has another size.</exception>
    /// <exception cref="KernelException">The kernel refused: <c>E2BIG</c> where the map is full, <c>EPERM</c> where it is frozen.</exception>
    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, MapUpdate how = MapUpdate.Any)
    {
        var result = AskToUpdate(key, value, how);
        if (result < 0)
        {
            throw Refused(result, "map_update");
        }
    }

    /// <summary>Adds or replaces an element.</summary>
    /// <returns>False where <paramref name="how"/> did not find what it wants.</returns>
    /// <inheritdoc cref="Update(ReadOnlySpan{byte}, ReadOnlySpan{byte}, MapUpdate)"/>
    public bool TryUpdate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, MapUpdate how)
    {
        var result = AskToUpdate(key, value, how);
        return result >= 0 || (IsUnmet(result, how) ? false : throw Refused(result, "map_update"));
    }

    /// <summary>Takes an element out.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentException">The key has another size.</exception>
    /// <exception cref="KernelException">The kernel refused: elements of an array are always there.</exception>
    public bool TryDelete(ReadOnlySpan<byte> key)
    {
        CheckKey(key);
        var result = Ask(BpfCommand.MapDeleteElement, key, default, 0);
        if (result is not (>= 0 or -Errno.NoEntry))
        {
            throw Refused(result, "map_delete");
        }

        ForgetReference(key);
        return result >= 0;
    }

    /// <summary>Takes an element out that must be there.</summary>
    /// <exception cref="KernelException">There is none (<c>ENOENT</c>), or the kernel refused.</exception>
    /// <inheritdoc cref="TryDelete"/>
    public void Delete(ReadOnlySpan<byte> key)
    {
        if (!TryDelete(key))
        {
            throw Refused(-Errno.NoEntry, "map_delete");
        }
    }

    /// <summary>Copies the value of a key and takes the element out, in one step. Queues and stacks 4.20, hash maps 5.14.</summary>
    /// <returns>Whether there was one.</returns>
    /// <inheritdoc cref="TryLookup(ReadOnlySpan{byte}, Span{byte})"/>
    public bool TryLookupAndDelete(ReadOnlySpan<byte> key, Span<byte> value)
    {
        CheckKey(key);
        CheckValue(value);
        var result = Ask(BpfCommand.MapLookupAndDeleteElement, key, value, 0);
        return result >= 0 || (result == -Errno.NoEntry ? false : throw Refused(result, "map_lookup_and_delete"));
    }

    /// <summary>
    /// Tells the key after another, in the kernel's order. Where <paramref name="key"/> was taken out meanwhile, a hash map
    /// begins anew: <see cref="Walk"/> takes care of that.
    /// </summary>
    /// <param name="key">The key before; empty for the first.</param>
    /// <param name="next">Takes the key.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentException">A key has another size.</exception>
    /// <exception cref="KernelException">The kernel refused: this map cannot be gone through.</exception>
    public bool TryNextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        if (!key.IsEmpty)
        {
            CheckKey(key);
        }

        CheckKey(next);
        var result = Ask(BpfCommand.MapGetNextKey, key, next, 0);
        return result >= 0 || (result == -Errno.NoEntry ? false : throw Refused(result, "map_get_next_key"));
    }

    /// <summary>One system call on one element. Empty parts are no address; the kernel writes to <paramref name="value"/>.</summary>
    internal unsafe long Ask(BpfCommand command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        using var use = new DescriptorUse(Descriptor);
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            var attributes = new ElementAttributes { Map = use.Number, Key = keyBytes, Value = valueBytes, Flags = flags };
            return Kernel.CallWhole(command, ref attributes);
        }
    }

    internal KernelException Refused(long result, string what) => MapRefusal.Of(this, (int)-result, what);

    private static bool IsUnmet(long result, MapUpdate how) =>
        (result == -Errno.Exists && (how & MapUpdate.NotExisting) != 0) || (result == -Errno.NoEntry && (how & MapUpdate.Existing) != 0);

    private long AskToUpdate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, MapUpdate how)
    {
        CheckKey(key);
        CheckValue(value);
        var result = Ask(BpfCommand.MapUpdateElement, key, value, (ulong)how);
        if (result >= 0)
        {
            // Another object, of which only its number is known, may have taken the place of one that was kept.
            ForgetReference(key);
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != _keySize)
        {
            WrongSize("key", key.Length, _keySize);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckValue(ReadOnlySpan<byte> value)
    {
        if (value.Length != _valueSize)
        {
            WrongSize("value", value.Length, _valueSize);
        }
    }

    [DoesNotReturn]
    private void WrongSize(string what, int given, int wanted) =>
        throw new ArgumentException($"map {Name}: a {what} has {wanted} bytes, not {given}", what);

    private void ForgetReference(ReadOnlySpan<byte> key)
    {
        if (MapLayout.HasReferences(Type))
        {
            _references.Forget(key);
        }
    }
}
