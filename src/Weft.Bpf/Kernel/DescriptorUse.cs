namespace Weft.Bpf.Kernel;

/// <summary>
/// A descriptor while a system call uses its number. Without it another thread could close it between, and the number would
/// already stand for something else. It takes no memory of the heap.
/// </summary>
internal readonly ref struct DescriptorUse
{
    private readonly BpfDescriptor? _descriptor;

    /// <param name="descriptor">The descriptor; null for none, whose number is 0.</param>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public DescriptorUse(BpfDescriptor? descriptor)
    {
        var taken = false;
        descriptor?.DangerousAddRef(ref taken);
        _descriptor = descriptor;
    }

    /// <summary>The number, for as long as this is not disposed.</summary>
    public uint Number => _descriptor is null ? 0 : (uint)_descriptor.DangerousGetHandle();

    public void Dispose() => _descriptor?.DangerousRelease();
}
