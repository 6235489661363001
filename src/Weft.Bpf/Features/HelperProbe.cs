using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Whether programs of a type may call a helper.</summary>
internal static class HelperProbe
{
    // What kernels of different ages say of a helper that they do not know, or that this type may not call.
    private static readonly string[] Complaints = ["invalid func ", "unknown func ", "cannot use helper", "not allowed in probe"];

    /// <summary>Whether a program of this type alone can tell.</summary>
    public static bool CanAsk(ProgramType type) => type is not (ProgramType.Extension or ProgramType.StructOps);

    public static FeatureAnswer Ask(IKernel kernel, ProgramType type, int helper)
    {
        if (!CanAsk(type))
        {
            return new FeatureAnswer.Unknown(Errno.Invalid, "load", "what such programs may call depends on what they replace");
        }

        var answer = KernelFeatures.ProgramType(type, kernel);
        if (!answer.IsYes)
        {
            return answer;
        }

        Instruction[] call = [new(Codes.Call, immediate: helper), new(Codes.Exit)];
        var result = TinyProgram.Load(kernel, type, call, ProgramProbe.Attributes(kernel, type), out var log);
        return result is >= 0 or not (-Errno.Invalid or -Errno.Access or -Errno.Permission)
            ? Judgement.OfDescriptor(kernel, result, "load")
            : OfLog(kernel, (int)-result, log);
    }

    // A helper that is known is called with arguments that were never set, which the verifier refuses as well.
    private static FeatureAnswer OfLog(IKernel kernel, int errno, string log)
    {
        if (log.Length == 0)
        {
            return Judgement.OfError(kernel, errno, "load");
        }

        return Array.Exists(Complaints, c => log.Contains(c, StringComparison.Ordinal))
            ? new FeatureAnswer.Refused(errno, "load")
            : Judgement.Yes;
    }
}
