using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Stage;

/// <summary>Tests that load programs need a kernel that lets them.</summary>
internal static class Privileged
{
    private static readonly Lazy<long> Result = new(() =>
    {
        // The smallest map; it is closed at once.
        var attributes = new byte[72];
        (attributes[0], attributes[4], attributes[8], attributes[12]) = (2, 4, 4, 1);
        var result = LinuxKernel.Instance.Bpf(BpfCommand.MapCreate, attributes);
        return result >= 0 ? LinuxKernel.Instance.Close((int)result) : result;
    });

    /// <summary>Skips the test where bpf(2) is refused.</summary>
    public static void Require() => Assert.SkipWhen(Result.Value < 0, $"bpf(2) is refused here: {Errno.Name((int)-Result.Value)}; run as root");
}
