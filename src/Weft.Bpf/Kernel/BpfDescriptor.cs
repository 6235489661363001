using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <summary>A file descriptor of the kernel. What uses it holds a reference, so that it is not closed meanwhile.</summary>
public sealed class BpfDescriptor : SafeHandle
{
    private readonly IKernel _kernel;

    /// <param name="kernel">Whose it is.</param>
    /// <param name="descriptor">The descriptor, which this object closes from now on.</param>
    public BpfDescriptor(IKernel kernel, int descriptor)
        : base(-1, ownsHandle: true)
    {
        _kernel = kernel;
        SetHandle(descriptor);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The number.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public int Number
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <summary>
    /// What a system call returned, as a descriptor. Number 0 is exchanged for another: in several of the attributes of
    /// <c>bpf(2)</c> 0 stands for none.
    /// </summary>
    /// <param name="stage">What was asked, for the error.</param>
    /// <exception cref="KernelException">It was refused.</exception>
    public static BpfDescriptor Of(IKernel kernel, long result, string stage)
    {
        if (result == 0)
        {
            result = kernel.Duplicate(0, 1);
            kernel.Close(0);
        }

        return result >= 0 ? new(kernel, (int)result) : throw new KernelException((int)-result, stage);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => _kernel.Close((int)handle) >= 0;
}
