using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>What a result of the kernel's says about a feature.</summary>
internal static class Judgement
{
    public static FeatureAnswer Yes { get; } = new FeatureAnswer.Yes();

    /// <summary>Judges a result which would be a descriptor, and closes that.</summary>
    public static FeatureAnswer OfDescriptor(IKernel kernel, long result, string stage)
    {
        if (result < 0)
        {
            return OfError(kernel, (int)-result, stage);
        }

        kernel.Close((int)result);
        return Yes;
    }

    /// <summary>
    /// Judges an answer to what no kernel can do: one that knows the feature complains about what is wrong, the others about
    /// the feature.
    /// </summary>
    /// <param name="complaint">The error of a kernel that knows it.</param>
    public static FeatureAnswer OfComplaint(IKernel kernel, long result, int complaint, string stage) =>
        result == -complaint ? Yes : OfDescriptor(kernel, result, stage);

    public static FeatureAnswer OfError(IKernel kernel, int errno, string stage) => errno switch
    {
        Errno.Invalid or Errno.TooBig or Errno.NotSupported or Errno.KernelNotSupported or Errno.NotImplemented =>
            new FeatureAnswer.Refused(errno, stage),
        Errno.Permission or Errno.Access => OfPermission(kernel, errno, stage),
        _ => new FeatureAnswer.Unknown(errno, stage, "a kernel without it would have answered otherwise"),
    };

    // EPERM is said to those who may not ask. Only when they may, and other things do work, is it about the feature.
    private static FeatureAnswer OfPermission(IKernel kernel, int errno, string stage) =>
        errno == Errno.Permission && Privileges.IsPrivileged(kernel) == true && FeatureCache.Of(kernel).IsBpfAllowed
            ? new FeatureAnswer.Refused(errno, stage)
            : new FeatureAnswer.Unknown(errno, stage, Privileges.WhyRefused(kernel));
}
