using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What an error means where a program is attached, as far as it is known.</summary>
internal static class AttachHints
{
    public static KernelException Refused(long result, string hook, string step, string? hint = null) =>
        new((int)-result, $"attach {hook}: {step}", hint ?? Of(-result));

    private static string? Of(long errno) => errno switch
    {
        Errno.Permission or Errno.Access =>
            "it needs CAP_BPF and CAP_PERFMON (CAP_NET_ADMIN for networks, CAP_SYS_ADMIN before Linux 5.8), and a kernel "
            + "that is locked down (/sys/kernel/security/lockdown), or a security module, refuses it to everybody",
        Errno.KernelNotSupported =>
            "the kernel's own ENOTSUPP: this kernel cannot attach such programs on this machine",
        Errno.NotSupported => "this kernel was built without it, or cannot attach it this way",
        Errno.Busy => "something else is attached there and does not share, or the function is being changed",
        Errno.NoProcess => "there is no such process",
        Errno.NoDevice => "there is no such processor, interface or device",
        _ => null,
    };
}
