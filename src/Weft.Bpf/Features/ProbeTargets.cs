using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>
/// What trial programs are attached to, as ids of the kernel's types; 0 where it has none. All of these are rarely or never
/// run, and a program that returns 0 changes nothing there.
/// </summary>
internal sealed record ProbeTargets(uint Tracepoint, uint Function, uint ModifiedFunction, uint SecurityHook, uint Iterator)
{
    public const string FunctionName = "bpf_fentry_test1";

    public bool HasAny => (Tracepoint | Function | ModifiedFunction | SecurityHook | Iterator) != 0;

    /// <summary>The types themselves are not kept: their index takes megabytes.</summary>
    public static ProbeTargets Read(IKernel kernel)
    {
        if (kernel.ReadFile("/sys/kernel/btf/vmlinux") is not { } bytes)
        {
            return new(0, 0, 0, 0, 0);
        }

        try
        {
            var types = BtfSpec.Parse(bytes, name: "vmlinux");
            return new(
                types.Find("btf_trace_sched_process_exit", BtfKind.Typedef).FirstOrDefault(),
                types.Find(FunctionName, BtfKind.Function).FirstOrDefault(),

                // Kernels without the injection of errors let nothing else be modified before Linux 5.19.
                types.Find("security_syslog", BtfKind.Function).FirstOrDefault() is var security and not 0
                    ? security
                    : types.Find("bpf_modify_return_test", BtfKind.Function).FirstOrDefault(),
                types.Find("bpf_lsm_syslog", BtfKind.Function).FirstOrDefault(),
                types.Find("bpf_iter_task", BtfKind.Function).FirstOrDefault());
        }
        catch (BpfFormatException)
        {
            return new(0, 0, 0, 0, 0);
        }
    }
}
