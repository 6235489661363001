using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// Attaches programs: one method for each kind of hook. What an older kernel does in another way is done in that way. All
/// throw <see cref="KernelException"/> where the kernel refuses, with the step that failed and what is known of the cause.
/// </summary>
public static partial class Attach
{
    /// <summary>
    /// Attaches to a raw tracepoint: its program gets the arguments as the kernel passes them. Linux 4.17. Programs that
    /// were loaded for a tracepoint with types (<c>tp_btf</c>) are attached with <see cref="Tracing"/>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.RawTracepoint"/>, or the writable kind.</param>
    /// <param name="name">The tracepoint without its group, such as <c>sched_process_exec</c>.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 6.10 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink RawTracepoint(BpfProgram program, string name, ulong cookie = 0)
    {
        var hook = $"raw tracepoint {name}";
        var result = LinkCalls.OpenRawTracepoint(program, name, cookie);
        return result >= 0
            ? Link(program, result, hook)
            : throw AttachHints.Refused(
                result, hook, "raw_tracepoint_open", result == -Errno.NoEntry ? "this kernel has no such tracepoint" : null);
    }

    /// <summary>
    /// Attaches to the function or tracepoint that the program was loaded for: <c>tp_btf</c>, <c>fentry</c>, <c>fexit</c>,
    /// <c>fmod_ret</c>, <c>lsm</c>. Linux 5.5; 5.7 for <c>lsm</c> and <c>fmod_ret</c>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.Tracing"/> or <see cref="ProgramType.Lsm"/>.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 5.19 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Tracing(BpfProgram program, ulong cookie = 0)
    {
        var hook = $"{Kind(program.AttachType)} {program.Target ?? program.Name}";
        var result = LinkCalls.Create(program, new() { AttachType = (uint)program.AttachType, TracingCookie = cookie });
        if (result is not (-Errno.Invalid or -Errno.NotSupported or -Errno.KernelNotSupported))
        {
            return Linked(program, result, hook, "link_create");
        }

        // Before 5.15 or so, the kernel has only the other command for these.
        var older = LinkCalls.OpenRawTracepoint(program, null, cookie);
        return older >= 0 ? Link(program, older, hook) : throw Worse(result, older, hook);
    }

    private static string Kind(AttachType type) => type switch
    {
        AttachType.TraceRawTracepoint => "tp_btf",
        AttachType.TraceFentry => "fentry",
        AttachType.TraceFexit => "fexit",
        AttachType.ModifyReturn => "fmod_ret",
        AttachType.LsmMac => "lsm",
        _ => type.ToString(),
    };

    /// <summary>The error that tells more: EINVAL may only say that a command is not known.</summary>
    private static KernelException Worse(long created, long opened, string hook) =>
        opened == -Errno.Invalid && created != -Errno.Invalid
            ? AttachHints.Refused(created, hook, "link_create")
            : AttachHints.Refused(opened, hook, "raw_tracepoint_open");

    private static KernelLink Linked(BpfProgram program, long result, string hook, string step, string? hint = null) =>
        result >= 0 ? Link(program, result, hook) : throw AttachHints.Refused(result, hook, step, hint);

    private static KernelLink Link(BpfProgram program, long result, string hook, IDisposable? rest = null) =>
        new(program.Kernel, BpfDescriptor.Of(program.Kernel, result, $"attach {hook}"), program, hook, rest);
}
