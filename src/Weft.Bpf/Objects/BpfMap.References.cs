using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Maps whose values are other objects, and what a map holds from the beginning.</content>
public sealed partial class BpfMap
{
    /// <summary>Puts a map into a map of maps. It must look like the one that this map was made with. Linux 4.12.</summary>
    /// <param name="value">The map, which this one keeps from being collected.</param>
    /// <exception cref="KernelException">The kernel refused it: <c>EINVAL</c> where it looks otherwise.</exception>
    public void Update(ReadOnlySpan<byte> key, BpfMap value, MapUpdate how = MapUpdate.Any) =>
        Put(key, value.Descriptor, value, how);

    /// <summary>Puts a program into an array of programs. Linux 4.2.</summary>
    /// <param name="value">The program, which this map keeps from being collected.</param>
    /// <remarks>
    /// The kernel empties an array of programs when the last descriptor and pin of it are gone, though programs still use it.
    /// </remarks>
    /// <exception cref="KernelException">The kernel refused it: all programs of an array are of one type, and are called alike.</exception>
    public void Update(ReadOnlySpan<byte> key, BpfProgram value, MapUpdate how = MapUpdate.Any) => Put(key, value.Descriptor, value, how);

    /// <summary>Puts what a descriptor stands for into a map: a perf event, a control group, a socket.</summary>
    /// <param name="value">The descriptor, which this map keeps from being collected.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public void Update(ReadOnlySpan<byte> key, BpfDescriptor value, MapUpdate how = MapUpdate.Any) => Put(key, value, value, how);

    /// <summary>
    /// Writes what <see cref="Spec"/> says that the map holds from the beginning, and freezes the map where it says so. What is
    /// done twice does no harm, but to a frozen map.
    /// </summary>
    /// <param name="resolve">Gives the descriptor of the map or program of a name.</param>
    /// <exception cref="KernelException">The kernel refused it. Without <c>BPF_MAP_FREEZE</c> (Linux before 5.2) it stays as it is.</exception>
    public void Fill(Func<string, BpfDescriptor> resolve)
    {
        foreach (var content in Spec.Contents)
        {
            if (content.Reference is { } name)
            {
                Update(content.Key.Span, resolve(name));
            }
            else
            {
                Update(content.Key.Span, content.Value.Span);
            }
        }

        // A kernel without it has no other road; user space could only deceive itself.
        if (Spec.Freeze && TryFreeze() is var result and < 0 and not -Errno.Invalid)
        {
            throw Refused(result, "map_freeze");
        }
    }

    /// <summary>
    /// From now on user space may not change the map, and the verifier takes its values for constants where programs may not
    /// either. It cannot be undone. Linux 5.2.
    /// </summary>
    /// <exception cref="KernelException">The kernel refused: <c>EPERM</c> where it is frozen already, <c>EBUSY</c> where it is mapped to be written.</exception>
    public void Freeze()
    {
        var result = TryFreeze();
        if (result < 0)
        {
            throw new KernelException((int)-result, $"map_freeze {Name}", result switch
            {
                -Errno.Permission => "it is frozen already, or user space may only read it",
                -Errno.Busy => "it is mapped into memory to be written",
                _ => null,
            });
        }
    }

    private long TryFreeze()
    {
        using var use = new DescriptorUse(Descriptor);
        var attributes = new ElementAttributes { Map = use.Number };
        return Kernel.Call(BpfCommand.MapFreeze, ref attributes);
    }

    private void Put(ReadOnlySpan<byte> key, BpfDescriptor descriptor, object kept, MapUpdate how)
    {
        using var use = new DescriptorUse(descriptor);
        var number = use.Number;
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        value.Clear();
        MemoryMarshal.Write(value, number);
        CheckKey(key);
        CheckReferenceSize();
        var result = Ask(BpfCommand.MapUpdateElement, key, value[.._valueSize], (ulong)how);
        if (result < 0)
        {
            throw Refused(result, "map_update");
        }

        _references.Keep(key, kept);
    }

    // Sockets may be looked up by their cookies, and then have values of eight bytes.
    private void CheckReferenceSize()
    {
        if (_valueSize is not (sizeof(uint) or sizeof(ulong)))
        {
            throw new InvalidOperationException($"map {Name}: {Type} with values of {_valueSize} bytes takes no objects");
        }
    }
}
