using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>A module with functions for programs: the kernel's table of connections, and what it needs.</summary>
internal static class ConntrackChecks
{
    private const uint Magic = 0x600D;

    // In the order in which they need each other.
    private static readonly string[] Modules = ["libcrc32c", "nf_defrag_ipv4", "nf_defrag_ipv6", "nf_conntrack"];

    public static IEnumerable<Check> All =>
    [
        new("module-kfunc-not-loaded", NotLoaded), new("module-kfunc-insert", Insert),
        new("module-kfunc", () => Returns("calls_module")), new("module-core-ksym", () => Returns("knows_types")),
        new("module-kfunc-fentry", () => Fires("by_module_kfunc")), new("module-kprobe", () => Fires("by_module_kprobe")),
    ];

    private static void NotLoaded()
    {
        Check.NeedsLinux(6, 0);
        var error = Check.Throws<BpfException>(() => Load("calls_module").Dispose());
        Check.Holds(error.Message.Contains("bpf_skb_ct_lookup", StringComparison.Ordinal), error.Message);
    }

    private static void Insert()
    {
        Check.NeedsLinux(6, 0);
        foreach (var module in Modules)
        {
            if (!File.Exists(Path(module)))
            {
                throw new SkipException($"the module {module} is not there");
            }
        }

        Array.ForEach(Modules, module => Machine.Insert(File.ReadAllBytes(Path(module)), ""));
        Check.Holds(File.Exists("/sys/kernel/btf/nf_conntrack"), "the module has types");
    }

    private static void Returns(string program)
    {
        NeedsModule();
        using var loaded = Load(program);
        Check.Equal(Magic, Run(loaded, program), program);
    }

    private static void Fires(string hook)
    {
        NeedsModule();
        using var loaded = Load("calls_module");
        Hook.Fires(hook, () => Check.Equal(Magic, Run(loaded, "calls_module"), "calls_module"), 1);
    }

    private static uint Run(BpfObject loaded, string program) => loaded.Programs[program].TestRun(new byte[64]).Result;

    private static BpfObject Load(string program)
    {
        var spec = ObjectSpec.Open("/objects/modules.o");
        return BpfObject.Load(spec, new() { Only = spec.Programs[program] });
    }

    private static void NeedsModule()
    {
        if (!File.Exists("/sys/kernel/btf/nf_conntrack"))
        {
            throw new SkipException("the module is not loaded");
        }
    }

    private static string Path(string module) => $"/modules/{module}.ko";
}
