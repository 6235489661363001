using Weft.Bpf.Btf;

namespace Weft.Bpf.Loading;

/// <summary>The function or tracepoint of the kernel that a program is attached to, as the kernel's BTF has it.</summary>
internal static class AttachTarget
{
    /// <summary>The id of the type.</summary>
    /// <param name="types">The kernel's types.</param>
    /// <exception cref="KernelException">There is none: <c>ESRCH</c>.</exception>
    public static uint Find(ProgramSpec program, BtfSpec types)
    {
        if (program.Target is not { Length: > 0 } name)
        {
            throw new KernelException(Kernel.Errno.Invalid, Stage(program), $"section {program.Section} does not say what it is attached to");
        }

        var (prefix, kind) = program.AttachType switch
        {
            AttachType.TraceRawTracepoint => ("btf_trace_", BtfKind.Typedef),
            AttachType.LsmMac or AttachType.LsmCgroup => ("bpf_lsm_", BtfKind.Function),
            AttachType.TraceIterator => ("bpf_iter_", BtfKind.Function),
            _ => ("", BtfKind.Function),
        };

        // By its kind, too: some structures are called like functions.
        var id = types.Find(prefix + name, kind).FirstOrDefault();
        return id != 0 ? id : throw new KernelException(Kernel.Errno.NoProcess, Stage(program), $"this kernel has no {prefix}{name}");
    }

    private static string Stage(ProgramSpec program) => $"attach target of {program.Name}";
}
