using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Functions of other programs.</content>
public static partial class Attach
{
    /// <summary>
    /// Puts a program in the place of a function of another program, the one that it was loaded for
    /// (<see cref="ProgramSpec.TargetProgram"/>). Linux 5.6; needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>. To run beside such a
    /// function, <c>fentry</c> and <c>fexit</c> are loaded the same way, and attached with <see cref="Tracing"/>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.Extension"/>.</param>
    /// <exception cref="KernelException">The kernel refused it: another program may stand there (<c>EBUSY</c>).</exception>
    public static BpfLink Freplace(BpfProgram program)
    {
        var hook = $"freplace {program.Target ?? program.Name}";
        var result = LinkCalls.Create(program, default);

        // Before 5.10 the kernel has only the other command for these.
        result = result == -Errno.Invalid ? LinkCalls.OpenRawTracepoint(program, null, 0) : result;
        return Linked(program, result, hook, "link_create", FreplaceHint(-result));
    }

    /// <summary>
    /// Puts a program in the place of a function of a program other than the one that it was loaded for, which must take and
    /// return the same. Linux 5.10; needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.Extension"/>.</param>
    /// <param name="target">The other program.</param>
    /// <param name="function">Its function, which is global; null for the one that the program's section names.</param>
    /// <exception cref="KernelException">The kernel refused it, or there is no such function.</exception>
    public static BpfLink Freplace(BpfProgram program, BpfProgram target, string? function = null)
    {
        function ??= program.Target ?? target.Name;
        var hook = $"freplace {function} of {target.Name}";
        var type = ProgramTypes.FunctionId(target, function, hook);
        var result = LinkCalls.Create(program, new() { Target = (uint)target.Descriptor.Number, TargetType = type });
        GC.KeepAlive(target);
        return Linked(program, result, hook, "link_create", FreplaceHint(-result));
    }

    private static string? FreplaceHint(long errno) => errno switch
    {
        Errno.Busy => "another program stands there",
        Errno.Invalid => "the function takes or returns something else, is not global, or this kernel has no such links (Linux 5.10)",
        _ => null,
    };
}
