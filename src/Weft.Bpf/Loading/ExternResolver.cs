using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Loading;

/// <summary>Finds what an object takes from the kernel, and writes it into instructions.</summary>
internal sealed class ExternResolver(ObjectSpec spec, IKernel kernel, TargetTypes types)
{
    private const int MissingFunction = 2_002_000_000;

    private readonly Dictionary<string, (uint Id, string? Module)> _typed = [];
    private readonly List<string> _modules = [];
    private readonly Lazy<Dictionary<string, ulong>> _addresses = new(() => KernelSymbols.Find(
        kernel, [.. spec.Externs.Values.Where(e => e.Kind == ExternKind.Symbol).Select(e => e.Name)]));

    /// <summary>Fills the map of the configuration's values.</summary>
    public void FillConfig(MapSpec map)
    {
        var config = new KernelConfig(kernel);
        foreach (var value in spec.Externs.Values.Where(e => e.Kind == ExternKind.Config))
        {
            config.Write(value, spec.Types!, map.Contents[0].Value.Span);
        }
    }

    /// <summary>Descriptors of the types of modules whose functions are called; the first, 0, stands for the kernel's.</summary>
    public int[] Descriptors => [0, .. _modules.Select(types.Descriptor)];

    /// <summary>Writes the address or the type of a variable into a wide load.</summary>
    public void Load(Span<Instruction> pair, Reference reference, Func<string, int> map)
    {
        var value = Find(reference.Name);
        switch (value.Kind)
        {
            case ExternKind.Config:
                pair[0].Source = Pseudo.MapValue;
                pair[0].Immediate = map(Specs.Reading.ExternReader.Config);
                pair[1].Immediate = value.Offset;
                break;
            case ExternKind.Symbol:
                Address(pair, value);
                break;
            default:
                var (id, module) = TypeOf(value);
                pair[0].Source = id == 0 ? 0 : Pseudo.BtfId;
                pair[0].Immediate = (int)id;
                pair[1].Immediate = module is null ? 0 : types.Descriptor(module);
                break;
        }
    }

    /// <summary>Makes an instruction call a function of the kernel.</summary>
    public void Call(ref Instruction call, Reference reference)
    {
        var value = Find(reference.Name);
        var (id, module) = TypeOf(value);
        call.Source = id == 0 ? 0 : Pseudo.KernelCall;
        call.Offset = (short)(module is null ? 0 : ModuleIndex(module));

        // One that is missing must never be reached; the number tells which it was.
        call.Immediate = id == 0 ? MissingFunction + Index(value) : (int)id;
    }

    /// <summary>The name of what is missing where the verifier found such a number; null where it is none.</summary>
    public string? Missing(int number) => number >= MissingFunction && number < MissingFunction + spec.Externs.Count
        ? spec.Externs.Keys.ElementAt(number - MissingFunction)
        : null;

    private int Index(Extern value) => spec.Externs.Values.TakeWhile(e => e != value).Count();

    private Extern Find(string name) => spec.Externs.GetValueOrDefault(name)
        ?? throw new BpfFormatException($"{name} is defined nowhere; declare it with __ksym or __kconfig");

    private void Address(Span<Instruction> pair, Extern value)
    {
        if (!_addresses.Value.TryGetValue(value.Name, out var address) && !value.IsWeak)
        {
            throw new KernelException(Errno.NoProcess, $"ksym {value.Name}", "this kernel has no such symbol");
        }

        pair[0].Immediate = (int)address;
        pair[1].Immediate = (int)(address >> 32);
    }

    private int ModuleIndex(string module)
    {
        if (!_modules.Contains(module))
        {
            _modules.Add(module);
        }

        return _modules.IndexOf(module) + 1;
    }

    private (uint Id, string? Module) TypeOf(Extern value)
    {
        if (!_typed.TryGetValue(value.Name, out var found))
        {
            found = types.Find(BtfName.Essential(value.Name), value.Kind == ExternKind.Function ? BtfKind.Function : BtfKind.Variable);
            _typed.Add(value.Name, found);
        }

        return found.Id != 0 || value.IsWeak
            ? found
            : throw new KernelException(Errno.NoProcess, $"ksym {value.Name}", "this kernel has no such function or variable");
    }
}
