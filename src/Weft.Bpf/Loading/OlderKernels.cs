using Weft.Bpf.Assembly;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Loading;

/// <summary>What of a program is left out or replaced where the kernel does not know it yet, as libbpf does.</summary>
internal static class OlderKernels
{
    private const int ProbeRead = 4;
    private const int ProbeReadText = 45;

    /// <summary>
    /// Before Linux 5.5, one helper reads the memory of the kernel and that of user space. The kernel is asked only where a
    /// program needs it.
    /// </summary>
    public static void ReplaceHelpers(Span<Instruction> code, IKernel kernel)
    {
        foreach (ref var instruction in code)
        {
            if (instruction is { IsCall: true, Source: 0 } && Older(instruction.Immediate) is var older and not 0
                && Lacks(kernel, KernelFeature.ProbeReadKernel))
            {
                instruction.Immediate = older;
            }
        }
    }

    /// <summary>Where a program expects to be attached; nothing where it need not be told, and the kernel cannot be (Linux 4.17).</summary>
    public static AttachType Expected(AttachType type, SectionTraits traits, IKernel kernel) =>
        type != 0 && (traits & SectionTraits.OptionalAttachType) != 0 && Lacks(kernel, KernelFeature.ExpectedAttachType) ? 0 : type;

    // bpf_probe_read_user, _kernel, _user_str and _kernel_str.
    private static int Older(int helper) => helper switch
    {
        112 or 113 => ProbeRead,
        114 or 115 => ProbeReadText,
        _ => 0,
    };

    // Who must not ask is told so by the program itself.
    private static bool Lacks(IKernel kernel, KernelFeature feature) => KernelFeatures.Of(feature, kernel) is FeatureAnswer.Refused;
}
