using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// As long as one of these is there, the kernel measures how long all programs run, which costs each run some tens of
/// nanoseconds: <see cref="ProgramInfo.RunTime"/>. Linux 5.8; from 5.1 by <c>kernel.bpf_stats_enabled</c>, which is set back in the
/// end, but not when the process is killed. Needs <c>CAP_SYS_ADMIN</c>.
/// </summary>
public sealed class RunStatistics : IDisposable
{
    private const string Switch = "/proc/sys/kernel/bpf_stats_enabled";

    private readonly IKernel _kernel;
    private readonly BpfDescriptor? _descriptor;
    private bool _isSwitched;

    private RunStatistics(IKernel kernel, BpfDescriptor? descriptor, bool isSwitched = false) =>
        (_kernel, _descriptor, _isSwitched) = (kernel, descriptor, isSwitched);

    /// <summary>Begins to measure.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static RunStatistics Enable(IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var attributes = default(IdAttributes);
        var result = kernel.Call(BpfCommand.EnableStatistics, ref attributes);
        if (result != -Errno.Invalid)
        {
            return new(kernel, BpfDescriptor.Of(kernel, result, "enable_stats"));
        }

        // Before Linux 5.8. Where another has switched it on, it stays on.
        if (kernel.ReadFile(Switch) is not [(byte)'0', ..])
        {
            return new(kernel, null);
        }

        return Set(kernel, "1") is var set and < 0
            ? throw new KernelException((int)-set, $"write {Switch}", "this kernel counts runs since Linux 5.1, and root may let it")
            : new(kernel, null, isSwitched: true);
    }

    /// <summary>Ends it, where nobody else measures.</summary>
    public void Dispose()
    {
        if (_isSwitched)
        {
            Set(_kernel, "0");
            _isSwitched = false;
        }

        _descriptor?.Dispose();
    }

    private static long Set(IKernel kernel, string value)
    {
        const int Write = 1;
        var descriptor = kernel.Open(Switch, Write);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = kernel.Write((int)descriptor, System.Text.Encoding.ASCII.GetBytes(value));
        kernel.Close((int)descriptor);
        return result;
    }
}
