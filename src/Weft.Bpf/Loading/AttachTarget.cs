using Weft.Bpf.Btf;

namespace Weft.Bpf.Loading;

/// <summary>The function or tracepoint of the kernel that a program is attached to, as the kernel's BTF has it.</summary>
internal static class AttachTarget
{
    /// <summary>The id of the type, and of the module or program that has it the descriptor; 0 for the kernel itself.</summary>
    /// <exception cref="KernelException">There is none: <c>ESRCH</c>.</exception>
    public static (uint Type, int Owner) Find(ProgramSpec program, TargetTypes types)
    {
        if (program.TargetProgram is { } other)
        {
            return (ProgramTypes.FunctionId(other, program.Target ?? other.Name, Stage(program)), other.Descriptor.Number);
        }

        if (program.Type == ProgramType.Extension)
        {
            throw new KernelException(
                Kernel.Errno.Invalid, Stage(program), "it replaces a function of another program: ProgramSpec.TargetProgram must say of which");
        }

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
        var module = name.IndexOf(':') is var colon and > 0 ? name[..colon] : null;
        var (id, owner) = types.Find(prefix + name[(module is null ? 0 : module.Length + 1)..], kind, module);
        return id == 0
            ? throw new KernelException(Kernel.Errno.NoProcess, Stage(program), $"this kernel has no {prefix}{name}")
            : (id, owner is null ? 0 : types.Descriptor(owner));
    }

    private static string Stage(ProgramSpec program) => $"attach target of {program.Name}";
}
