using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <summary>Memory that <c>mmap(2)</c> gave. It is not given back while somebody reads it.</summary>
internal sealed class MemoryMapping : SafeHandle
{
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int Shared = 1;
    private const nint LastError = -4095;

    private readonly IKernel _kernel;
    private readonly nint _length;

    private MemoryMapping(IKernel kernel, nint address, nint length)
        : base(0, ownsHandle: true)
    {
        (_kernel, _length) = (kernel, length);
        SetHandle(address);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Maps an object into memory.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static MemoryMapping Open(IKernel kernel, BpfDescriptor descriptor, long length, bool isWritable, string stage)
    {
        using var use = new DescriptorUse(descriptor);
        var address = kernel.Map(checked((nint)length), ProtectionRead | (isWritable ? ProtectionWrite : 0), Shared, (int)use.Number, 0);
        var hint = address switch
        {
            -Errno.NotSupported or -Errno.KernelNotSupported or -Errno.NoDevice or -Errno.Invalid =>
                "the map was not made with BPF_F_MMAPABLE (Linux 5.5)",
            -Errno.Permission => "it is frozen, or may only be read",
            _ => null,
        };
        return address is >= LastError and < 0
            ? throw new KernelException((int)-address, stage, hint)
            : new(kernel, address, checked((nint)length));
    }

    /// <summary>Maps an arena, which is at one address for all.</summary>
    /// <param name="address">Where it wants to be; 0 where the kernel may choose.</param>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static MemoryMapping OpenAt(IKernel kernel, BpfDescriptor descriptor, nint address, long length, string stage)
    {
        using var use = new DescriptorUse(descriptor);
        var result = kernel.MapAt(address, checked((nint)length), ProtectionRead | ProtectionWrite, Shared, (int)use.Number, 0);
        var hint = result switch
        {
            -Errno.Exists => $"something else of this process is at 0x{address:x}",
            -Errno.Busy or -Errno.Invalid => "another process has it at another address: make it with an address, map_extra",
            -Errno.NoDevice => "the kernel knows no arenas (Linux 6.9)",
            _ => null,
        };
        return result is >= LastError and < 0
            ? throw new KernelException((int)-result, stage, hint)
            : new(kernel, result, checked((nint)length));
    }

    protected override bool ReleaseHandle() => _kernel.Unmap(handle, _length) >= 0;
}
