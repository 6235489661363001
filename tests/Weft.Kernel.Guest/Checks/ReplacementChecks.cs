using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Functions of programs, which other programs replace or watch.</summary>
internal static class ReplacementChecks
{
    public static IEnumerable<Check> All =>
    [
        new("freplace", Replaced), new("freplace-another", ReplacedInAnother), new("freplace-other-type", OtherFunction),
        new("fentry-of-program", () => Watched("enters", 41)), new("fexit-of-program", () => Watched("leaves", 42)),
    ];

    private static void Replaced()
    {
        using var target = Hook.Load("asks", file: "probes");
        using var replacement = Hook.Load("replaces", file: "probes", other: target.Program);
        using (Attach.Auto(replacement.Program))
        {
            Check.Equal(141u, Run(target), "the replaced answer");
            Check.Equal(1, replacement.Count, "runs of the replacement");
        }

        Check.Equal(42u, Run(target), "the answer after it");
    }

    private static void ReplacedInAnother()
    {
        Check.NeedsLinux(5, 10);
        using var target = Hook.Load("asks", file: "probes");
        using var other = Hook.Load("asks_too", file: "probes");
        using var replacement = Hook.Load("replaces", file: "probes", other: target.Program);
        using (Attach.Freplace(replacement.Program, other.Program))
        {
            Check.Equal(1141u, Run(other), "the replaced answer");
            Check.Equal(42u, Run(target), "the answer of the first program");
        }

        Check.Equal(1042u, Run(other), "the answer after it");
    }

    private static void OtherFunction()
    {
        using var target = Hook.Load("asks", file: "probes");
        using var replacement = Hook.Load("replaces", file: "probes", other: target.Program);
        var error = Check.Throws<KernelException>(() => Attach.Freplace(replacement.Program, target.Program, "nothing"));
        Check.Holds(error.Message.Contains("asks has no function nothing", StringComparison.Ordinal), error.Message);
        using var link = Attach.Freplace(replacement.Program);
        Check.Equal(Errno.Busy, Check.Throws<KernelException>(() => Attach.Freplace(replacement.Program, target.Program)).Errno, "the error");
    }

    private static void Watched(string program, long number)
    {
        using var target = Hook.Load("asks", file: "probes");
        using var hook = Hook.Load(program, file: "probes", target: "answer", other: target.Program);
        hook.Fires(Attach.Auto, () => Run(target), number);
    }

    private static uint Run(Hook hook) => hook.Program.TestRun(new byte[64]).Result;
}
