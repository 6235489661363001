using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Types and functions of a module.</summary>
internal static class ModuleChecks
{
    private const string Module = "dummy";
    private const string File = "/modules/dummy.ko";

    public static IEnumerable<Check> All =>
    [
        new("module-function-not-loaded", NotLoaded), new("module-types", Types), new("module-fentry", Fentry),
    ];

    private static void NotLoaded()
    {
        var error = Check.Throws<KernelException>(() => Hook.Load("by_module_function"));
        Check.Holds(error.Message.Contains("this kernel has no dummy_get_stats64", StringComparison.Ordinal), error.Message);
    }

    private static void Types()
    {
        Insert();
        using var types = KernelTypes.Load();
        Check.Holds(types.ModuleNames.Contains(Module), "the module is named");
        NeedsTypes();
        var module = types.Module(Module) ?? throw new CheckException("the module has no types");
        var id = module.FindId("dummy_get_stats64", BtfKind.Function);
        Check.Holds(id >= module.FirstId && module.FirstId > 1, $"the function has a type of the module: {id}");
    }

    private static void Fentry()
    {
        NeedsTypes();
        Hook.Fires("by_module_function", () => System.IO.File.ReadAllText("/proc/net/dev"), 1);
    }

    private static void Insert()
    {
        if (!System.IO.File.Exists(File))
        {
            throw new SkipException("the module is not there");
        }

        Machine.Insert(System.IO.File.ReadAllBytes(File), "numdummies=1");
    }

    private static void NeedsTypes()
    {
        Check.NeedsLinux(5, 11);
        if (!System.IO.File.Exists("/sys/kernel/btf/" + Module))
        {
            throw new SkipException("this kernel's modules have no types");
        }
    }
}
