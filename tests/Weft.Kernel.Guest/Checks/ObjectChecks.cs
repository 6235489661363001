using Weft.Bpf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest.Checks;

/// <summary>The objects of <c>bpf/tests</c>, whose programs look themselves whether all is as they expect.</summary>
internal static class ObjectChecks
{
    private const uint Magic = 0x600D;

    public static IEnumerable<Check> All =>
    [
        new("object-data", () => Runs("data", ["reads", "writes"])),
        new("object-maps", () => Runs("maps", ["last", "uses", "jumps"])),
        new("object-functions", () => Runs("functions", ["nested"])),
        new("object-callbacks", Callbacks),
        new("object-config", () => Runs("externs", ["configuration"])),
        new("memory-limit-hint", MemoryLimitHint),
        new("memory-limit-raised", MemoryLimitRaised),
        new("object-symbols", () => Load("externs", ["symbols"]).Dispose()),
    ];

    private static void Callbacks()
    {
        Check.NeedsLinux(5, 17);
        Check.Holds(KernelFeatures.Helper(ProgramType.SocketFilter, HelperNames.NumberOf("loop")).IsYes, "there is bpf_loop");
        Runs("functions", ["calls_back"]);
    }

    private static void MemoryLimitHint()
    {
        LimitMemory();

        // One that cannot raise the limit.
        var kernel = new OlderKernel(hasLinks: true, hasProbeEvents: true);
        var error = Check.Throws<KernelException>(() => Load("data", ["reads"], kernel));
        Check.Holds(error.Message.Contains("RLIMIT_MEMLOCK", StringComparison.Ordinal), error.Message);
    }

    private static void MemoryLimitRaised()
    {
        LimitMemory();
        Load("data", ["reads"]).Dispose();
    }

    private static void LimitMemory()
    {
        if (Machine.Version >= new Version(5, 11))
        {
            throw new SkipException("the limit does not count since Linux 5.11");
        }

        Machine.LimitLockedMemory(0);
    }

    private static void Runs(string file, string[] programs)
    {
        using var loaded = Load(file, programs);
        foreach (var program in programs)
        {
            var run = loaded.Programs[program].TestRun(new byte[64]);
            Check.Holds(run.Result == Magic, $"{program} checks all; it gave up in line {run.Result}");
        }
    }

    private static BpfObject Load(string file, string[] programs, IKernel? kernel = null)
    {
        var spec = ObjectSpec.Open($"/objects/{file}.o");
        foreach (var program in spec.Programs.Values)
        {
            program.Loads = programs.Contains(program.Name);
        }

        return BpfObject.Load(spec, new() { PinFolder = null, Kernel = kernel ?? LinuxKernel.Instance });
    }
}
