using Weft.Bpf.Features;

namespace Weft.Agent.Features;

/// <summary>An answer of the kernel.</summary>
/// <param name="Group">attach, types, misc, map, program, or helper/ with the type of programs that call it.</param>
/// <param name="Answer">yes, refused or unknown.</param>
/// <param name="Errno">The kernel's error, above zero; 0 where the answer is yes.</param>
/// <param name="Stage">What was refused; null where the answer is yes.</param>
/// <param name="Why">Why it is not known, or what the error is called; null where the answer is yes.</param>
internal sealed record FeatureView(string Name, string Group, string Answer, int Errno, string? Stage, string? Why)
{
    public static FeatureView Of((string Name, string Group, FeatureAnswer Answer) asked) => asked.Answer switch
    {
        FeatureAnswer.Refused no => new(asked.Name, asked.Group, "refused", no.Errno, no.Stage, $"{Bpf.Kernel.Errno.Name(no.Errno)} at {no.Stage}"),
        FeatureAnswer.Unknown unknown => new(asked.Name, asked.Group, "unknown", unknown.Errno, unknown.Stage, unknown.Why),
        _ => new(asked.Name, asked.Group, "yes", 0, null, null),
    };
}
