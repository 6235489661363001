using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Memory that is shared with the kernel, until it is disposed.</summary>
internal sealed class MappedMemory : SafeHandle
{
    private const int Read = 1;
    private const int ReadAndWrite = 3;
    private const int Shared = 1;

    private readonly IKernel _kernel;
    private readonly nint _length;

    private MappedMemory(IKernel kernel, nint address, nint length)
        : base(0, ownsHandle: true)
    {
        _kernel = kernel;
        _length = length;
        SetHandle(address);
    }

    public override bool IsInvalid => handle == 0;

    public unsafe byte* Start => (byte*)handle;

    public static MappedMemory Of(IKernel kernel, BpfDescriptor descriptor, long length, long offset, bool writable, string stage)
    {
        var address = kernel.Map((nint)length, writable ? ReadAndWrite : Read, Shared, descriptor.Number, offset);
        GC.KeepAlive(descriptor);
        return address is < 0 and >= -4095
            ? throw new KernelException((int)-address, stage)
            : new(kernel, address, (nint)length);
    }

    /// <summary>Keeps the memory until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It is gone.</exception>
    public Usage Use()
    {
        var isUsed = false;
        DangerousAddRef(ref isUsed);
        return new(this);
    }

    protected override bool ReleaseHandle() => _kernel.Unmap(handle, _length) >= 0;

    /// <summary>A use of the memory.</summary>
    public readonly ref struct Usage(MappedMemory memory)
    {
        public void Dispose() => memory.DangerousRelease();
    }
}
