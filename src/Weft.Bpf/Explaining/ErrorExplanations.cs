using Weft.Bpf.Kernel;

namespace Weft.Bpf.Explaining;

/// <summary>Refusals of which the verifier wrote nothing.</summary>
internal static class ErrorExplanations
{
    /// <param name="errno">The kernel's error, above zero.</param>
    /// <param name="stage">What was asked of it.</param>
    public static Explanation? Of(int errno, string stage) => (errno, stage.Split(' ')[0]) switch
    {
        (Errno.NoProcess, "ksym") => new(
            "symbol-missing",
            "The program takes a function or variable of the kernel that this kernel does not have.",
            "Mark it with __weak, and ask with bpf_ksym_exists(…) before it is used; or load the module that has it.",
            "extern int bpf_it(void) __ksym __weak;\n\nif (bpf_ksym_exists(bpf_it))\n        bpf_it();"),
        (Errno.NoProcess, "attach") => new(
            "attach-target-missing",
            "The section names something to attach to that this kernel's types (BTF) do not have: it was inlined, renamed, is in "
            + "a module that is not loaded, or the kernel was built without CONFIG_DEBUG_INFO_BTF.",
            "Look for its name in 'weft-agent bpf vmlinux' or /proc/kallsyms; or use kprobe/ or raw_tp/, which need no types."),
        (Errno.Invalid, "attach") => new(
            "attach-target-unnamed",
            "The section does not say what the program is attached to, and its kind is loaded for one target.",
            "Name it in the section.", "SEC(\"fentry/do_unlinkat\")"),
        (Errno.TooBig, "prog_load") => new(
            "too-large",
            "The program has more instructions than this process may load (4,096 without CAP_BPF, else one million), or the kernel "
            + "is older than what it is asked for.",
            "Load with CAP_BPF; split the program with tail calls or functions."),
        (Errno.Invalid, "prog_load") => new(
            "type-unknown",
            "The kernel knows no program of this type and place of attachment; often the section's name is not understood.",
            "Use a section that says what the program is, as libbpf's documentation lists them; see what the kernel knows with "
            + "'weft-agent bpf features --group program'.",
            "SEC(\"tracepoint/syscalls/sys_enter_openat\")"),
        (_, "map_create") => new(
            "map-refused",
            "A map that the program uses cannot be made; the program itself was not looked at.",
            "Look at its type, its sizes and flags: 'weft-agent bpf inspect' shows them, 'weft-agent bpf features --group map' what this kernel has."),
        _ => null,
    };
}
