using Weft.Bpf.Features;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Many functions by one link.</content>
public static partial class Attach
{
    /// <summary>
    /// Attaches to the beginnings of many functions of the kernel's by one link. Linux 5.18, with <c>CONFIG_FPROBE</c>; a program
    /// of <c>kprobe.session</c>, which runs at the beginning and, where it returned 0 there, at the return: 6.10.
    /// </summary>
    /// <remarks>Needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.</remarks>
    /// <param name="program">
    /// A program of type <see cref="ProgramType.Kprobe"/> that was loaded for <see cref="AttachType.TraceKprobeMulti"/> or
    /// <see cref="AttachType.TraceKprobeSession"/>.
    /// </param>
    /// <param name="functions">The functions.</param>
    /// <param name="orSeparately">
    /// Whether each function gets a kprobe of its own where this kernel has no such links. That takes long for many, and such
    /// links cannot be pinned.
    /// </param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel has no such links.</exception>
    public static BpfLink KprobeMulti(BpfProgram program, KernelFunctions functions, bool orSeparately = false) =>
        OfKernel(program, functions, false, orSeparately);

    /// <summary>Attaches to the returns of many functions of the kernel's by one link. Linux 5.18, with <c>CONFIG_FPROBE</c>.</summary>
    /// <inheritdoc cref="KprobeMulti" path="/remarks|/exception|/param"/>
    public static BpfLink KretprobeMulti(BpfProgram program, KernelFunctions functions, bool orSeparately = false) =>
        OfKernel(program, functions, true, orSeparately);

    /// <summary>
    /// Attaches to the beginnings of many functions of a program or library by one link. Linux 6.6; a program of
    /// <c>uprobe.session</c>, which runs at the beginning and, where it returned 0 there, at the return: 6.13.
    /// </summary>
    /// <remarks>Needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.</remarks>
    /// <param name="program">
    /// A program of type <see cref="ProgramType.Kprobe"/> that was loaded for <see cref="AttachType.TraceUprobeMulti"/> or
    /// <see cref="AttachType.TraceUprobeSession"/>.
    /// </param>
    /// <param name="functions">The functions.</param>
    /// <param name="process">The process; -1 for all.</param>
    /// <param name="orSeparately">
    /// Whether each function gets a uprobe of its own where this kernel has no such links; those cannot be pinned.
    /// </param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel has no such links.</exception>
    public static BpfLink UprobeMulti(BpfProgram program, UserFunctions functions, int process = -1, bool orSeparately = false) =>
        OfUser(program, functions, process, false, orSeparately);

    /// <summary>Attaches to the returns of many functions of a program or library by one link. Linux 6.6.</summary>
    /// <inheritdoc cref="UprobeMulti" path="/remarks|/exception|/param"/>
    public static BpfLink UretprobeMulti(BpfProgram program, UserFunctions functions, int process = -1, bool orSeparately = false) =>
        OfUser(program, functions, process, true, orSeparately);

    private static BpfLink OfKernel(BpfProgram program, KernelFunctions functions, bool isReturn, bool orSeparately)
    {
        var kernel = program.Kernel;
        var isSession = program.AttachType == AttachType.TraceKprobeSession;
        var (feature, needs) = isSession
            ? (KernelFeature.KprobeSessionLink, "it came with Linux 6.10 and needs CONFIG_FPROBE")
            : (KernelFeature.KprobeMultiLink, "it came with Linux 5.18 and needs CONFIG_FPROBE");
        var hook = $"{(isSession ? "kprobe.session" : isReturn ? "kretprobe.multi" : "kprobe.multi")} {functions}";
        Require(program, AttachType.TraceKprobeMulti, AttachType.TraceKprobeSession, hook);
        if (orSeparately && !isSession && functions.Addresses.Length == 0 && !KernelFeatures.Of(feature, kernel).IsYes)
        {
            return LinkGroup.Of(
                program,
                Names(kernel, functions, hook),
                (name, i) => KernelFunction(program, name, 0, isReturn, functions.Cookies.ElementAtOrDefault(i)),
                hook);
        }

        // Before functions are looked up, which may fail for another reason.
        if (functions.Pattern is not null && Missing(kernel, hook, feature, needs) is { } missing)
        {
            throw missing;
        }

        var addresses = functions.Pattern is { } pattern ? KernelFunctionSearch.Addresses(kernel, pattern, hook) : functions.Addresses.ToArray();
        var result = LinkCalls.Create(program, program.AttachType, functions, addresses, isReturn);
        return result >= 0
            ? Link(program, result, hook)
            : throw Missing(kernel, hook, feature, needs) ?? (BpfException)AttachHints.Refused(result, hook, "link_create", KernelHint(-result));
    }

    private static BpfLink OfUser(BpfProgram program, UserFunctions functions, int process, bool isReturn, bool orSeparately)
    {
        var isSession = program.AttachType == AttachType.TraceUprobeSession;
        var (feature, needs) = isSession
            ? (KernelFeature.UprobeSessionLink, "it came with Linux 6.13")
            : (KernelFeature.UprobeMultiLink, "it came with Linux 6.6");
        var hook = $"{(isSession ? "uprobe.session" : isReturn ? "uretprobe.multi" : "uprobe.multi")} {functions}";
        Require(program, AttachType.TraceUprobeMulti, AttachType.TraceUprobeSession, hook);
        var offsets = functions.FindOffsets(program.Kernel, hook);
        if (orSeparately && !isSession && !KernelFeatures.Of(feature, program.Kernel).IsYes)
        {
            return LinkGroup.Of(program, offsets, Separate, hook);
        }

        var result = LinkCalls.Create(
            program, program.AttachType, functions.Path, offsets, functions.Counters.AsSpan(), functions.Cookies.AsSpan(), Math.Max(process, 0),
            isReturn);
        return result >= 0
            ? Link(program, result, hook)
            : throw Missing(program.Kernel, hook, feature, needs)
                ?? (BpfException)AttachHints.Refused(result, hook, "link_create", UprobeHint(-result));

        BpfLink Separate(ulong offset, int i) => UserFunction(
            program, new(functions.Path, null, offset, checked((uint)functions.Counters.ElementAtOrDefault(i))), process, isReturn,
            functions.Cookies.ElementAtOrDefault(i));
    }

    private static IEnumerable<string> Names(IKernel kernel, KernelFunctions functions, string hook) =>
        functions.Pattern is { } pattern ? KernelFunctionSearch.Names(kernel, pattern, hook) : functions.Names;

    // What it is loaded for decides it: the kernel would only say EINVAL.
    private static void Require(BpfProgram program, AttachType one, AttachType other, string hook)
    {
        if (program.AttachType != one && program.AttachType != other)
        {
            throw new BpfNotSupportedException(
                $"attach {hook}: {program.Name} was loaded for {program.AttachType}; ProgramSpec.AttachType, or its section, must say {one} or {other}");
        }
    }

    // Only a trial tells it: the kernel's errors for what it lacks are those for what is wrong.
    private static BpfNotSupportedException? Missing(IKernel kernel, string hook, KernelFeature feature, string needs) =>
        KernelFeatures.Of(feature, kernel) is FeatureAnswer.Refused refused
            ? new($"attach {hook}: this kernel has no such links ({refused}): {needs}")
            : null;

    private static string? KernelHint(long errno) => errno switch
    {
        Errno.NoProcess or Errno.Invalid or Errno.NoEntry =>
            "this kernel lacks one of the functions, has several of a name, or one may not be traced (see available_filter_functions)",
        _ => null,
    };
}
