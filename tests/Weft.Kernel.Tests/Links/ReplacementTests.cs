using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Links;

public sealed class ReplacementTests
{
    [Fact]
    public void A_program_stands_in_for_a_function_of_another_until_it_is_detached()
    {
        using var target = Load("asks", null);
        using var other = Load("asks_too", null);
        using var replacement = LoadOrSkip("replaces", target.Programs["asks"]);
        using (var link = Attach.Auto(replacement.Programs["replaces"]))
        {
            Assert.Equal(141u, Run(target.Programs["asks"]));
            Assert.Equal("freplace answer", link.Hook);
            Assert.Equal(LinkType.Tracing, link.Info.Type);
            var error = Assert.Throws<KernelException>(() => Attach.Freplace(replacement.Programs["replaces"], target.Programs["asks"]));
            Assert.Equal(Errno.Busy, error.Errno);
        }

        Assert.Equal(42u, Run(target.Programs["asks"]));
        using (Attach.Freplace(replacement.Programs["replaces"], other.Programs["asks_too"]))
        {
            Assert.Equal(1141u, Run(other.Programs["asks_too"]));
        }

        Assert.Equal(1042u, Run(other.Programs["asks_too"]));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        var error = Assert.Throws<KernelException>(() => Load("replaces", null));
        Assert.Contains("ProgramSpec.TargetProgram must say of which", error.Message, StringComparison.Ordinal);
        using var target = Load("asks", null);
        error = Assert.Throws<KernelException>(() => Load("replaces", target.Programs["asks"], "nothing"));
        Assert.Contains("asks has no function nothing", error.Message, StringComparison.Ordinal);
    }

    // A kernel that is locked down refuses them all, as it does fentry; those under QEMU do not.
    private static BpfObject LoadOrSkip(string name, BpfProgram target)
    {
        try
        {
            return Load(name, target);
        }
        catch (VerifierException e) when (e.Errno == Errno.Permission)
        {
            Assert.Skip($"this kernel lets no program stand in for another: {e.Message}");
            throw;
        }
    }

    private static BpfObject Load(string name, BpfProgram? target, string? function = null)
    {
        Privileged.Require();
        var spec = ObjectSpec.Parse(Clang.Compile("probes.bpf.c", more: "-D__TARGET_ARCH_x86"), "probes");
        spec.Programs[name].TargetProgram = target;
        spec.Programs[name].Target = function ?? spec.Programs[name].Target;
        return BpfObject.Load(spec, new() { Only = spec.Programs[name] });
    }

    private static uint Run(BpfProgram program) => program.TestRun(new byte[64]).Result;
}
