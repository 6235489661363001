using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// As long as one of these is there, the kernel measures how long all programs run, which costs each run some tens of
/// nanoseconds: <see cref="ProgramInfo.RunTime"/>. Linux 5.8; needs <c>CAP_SYS_ADMIN</c>.
/// </summary>
public sealed class RunStatistics : IDisposable
{
    private readonly BpfDescriptor _descriptor;

    private RunStatistics(BpfDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>Begins to measure.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static RunStatistics Enable(IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var attributes = default(IdAttributes);
        return new(BpfDescriptor.Of(kernel, kernel.Call(BpfCommand.EnableStatistics, ref attributes), "enable_stats"));
    }

    /// <summary>Ends it, where nobody else measures.</summary>
    public void Dispose() => _descriptor.Dispose();
}
