using Weft.Bpf.Assembly;
using Weft.Bpf.CoRe;
using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;
using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf.Loading;

/// <summary>
/// Loads an object: links its programs, fits them to the kernel's types, then its own types, maps, and program after program,
/// and at last what maps hold of programs.
/// </summary>
internal sealed class ObjectLoader : IDisposable
{
    private readonly ObjectSpec _spec;
    private readonly LoadSettings _settings;
    private readonly TargetTypes _target;
    private readonly ExternResolver _externs;
    private readonly Lazy<CoReRelocator> _relocator;
    private readonly Dictionary<CodeFunction, Instruction[]> _code = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly List<BpfMap> _own = [];
    private readonly List<BpfMap> _new = [];
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly List<ProgramResult> _results = [];
    private readonly LogExplainer _explainer;

    private ObjectLoader(ObjectSpec spec, LoadSettings settings)
    {
        _spec = spec;
        _settings = settings;
        _target = new(settings);
        _externs = new(spec, settings.Kernel, _target);
        _explainer = new(_externs);
        _relocator = new(() => new(spec.Types!, [_target.Kernel], () => _target.Modules));
    }

    public static BpfObject Load(ObjectSpec spec, LoadSettings settings)
    {
        if (spec.IsBigEndian == BitConverter.IsLittleEndian)
        {
            throw new BpfFormatException($"{spec.Name} is for a machine with another order of bytes");
        }

        using var loader = new ObjectLoader(spec, settings);
        try
        {
            return loader.Run();
        }
        catch
        {
            loader._own.ForEach(m => m.Dispose());
            loader._programs.Values.ToList().ForEach(p => p.Dispose());
            throw;
        }
    }

    public void Dispose() => _target.Dispose();

    private BpfObject Run()
    {
        var linked = new List<LinkedProgram>();
        foreach (var program in _spec.Programs.Values.Where(p => _settings.Only is { } only ? p == only : p.Loads))
        {
            Attempt(program, () => linked.Add(ProgramLinker.Link(_spec, program, Code)));
        }

        using var types = OwnTypes.Load(_spec, _settings.Kernel);
        var used = Used(linked);
        foreach (var map in _spec.Maps.Values.Where(m => _settings.Only is null || used.Contains(m.Name)))
        {
            _maps[map.Name] = _settings.Maps.TryGetValue(map.Name, out var other) ? other : Map(map, types?.Descriptor);
        }

        Fill(map => map.Type != MapType.ProgramArray);
        var loader = new ProgramLoader(_spec, _settings, types?.Descriptor);
        foreach (var program in linked)
        {
            Attempt(program.Spec, () => LoadProgram(loader, program), program.Code.Length);
        }

        Fill(map => map.Type == MapType.ProgramArray);
        return new(_spec, _maps, _own, _programs, [.. _results]);
    }

    private bool IsConfig(string name) => _spec.Externs.GetValueOrDefault(name)?.Kind == ExternKind.Config;

    private void Attempt(ProgramSpec program, Action step, int instructions = 0)
    {
        try
        {
            step();
        }
        catch (BpfException e) when (_settings.BestEffort)
        {
            _results.Add(new(program, false, e, instructions));
        }
    }

    private void LoadProgram(ProgramLoader loader, LinkedProgram program)
    {
        foreach (var reference in program.References)
        {
            Resolve(program.Code, reference);
        }

        var spec = program.Spec;
        var attach = (spec.Traits & SectionTraits.Btf) != 0 ? AttachTarget.Find(spec, _target) : default;
        _programs[spec.Name] = loader.Load(program, attach, _externs.Descriptors, _maps, _explainer.Line);
        _results.Add(new(spec, true, null, program.Code.Length) { Code = program.Code });
    }

    private void Resolve(Instruction[] code, Reference reference)
    {
        var at = reference.Instruction;
        switch (reference.Kind)
        {
            case ReferenceKind.Map:
                code[at].Source = Pseudo.MapDescriptor;
                code[at].Immediate = MapNumber(reference.Name);
                code[at + 1].Immediate = 0;
                break;
            case ReferenceKind.Data:
                code[at].Source = Pseudo.MapValue;
                code[at].Immediate = MapNumber(reference.Name);
                code[at + 1].Immediate = checked((int)reference.Offset);
                break;
            case ReferenceKind.ExternCall:
                _externs.Call(ref code[at], reference);
                break;
            default:
                _externs.Load(code.AsSpan(at, 2), reference, MapNumber);
                break;
        }
    }

    private int MapNumber(string name) => _maps.TryGetValue(name, out var map)
        ? map.Descriptor.Number
        : throw new BpfFormatException($"there is no map {name}");

    private ReadOnlyMemory<Instruction> Code(CodeFunction function)
    {
        if (!_code.TryGetValue(function, out var code))
        {
            code = [.. function.Code];
            foreach (var relocation in function.Relocations)
            {
                _relocator.Value.Apply(code, relocation, function.Name);
            }

            _code[function] = code;
        }

        return code;
    }

    // Maps that hold others need those, too.
    private HashSet<string> Used(List<LinkedProgram> programs)
    {
        var used = programs.SelectMany(p => p.Maps.Concat(p.Externs.Any(IsConfig) ? [ExternReader.Config] : [])).ToHashSet();
        foreach (var name in used.ToList().Where(_spec.Maps.ContainsKey))
        {
            used.UnionWith(_spec.Maps[name].Contents.Select(c => c.Reference).OfType<string>().Where(_spec.Maps.ContainsKey));
        }

        return used;
    }

    private BpfMap Map(MapSpec map, BpfDescriptor? types)
    {
        var pin = map.PinByName && _settings.PinFolder is { } folder ? Path.Combine(folder, map.Name) : null;
        if (pin is not null && Pinned(pin, map) is { } pinned)
        {
            return Own(pinned);
        }

        if (map.Name == ExternReader.Config)
        {
            _externs.FillConfig(map);
        }

        using var inner = map.Inner is null ? null : BpfMap.Create(map.Inner, _settings.Kernel, types: types);
        var made = Own(BpfMap.Create(DataMaps.Named(map, _spec), _settings.Kernel, inner, types));
        _new.Add(made);
        if (pin is not null)
        {
            made.Pin(pin);
        }

        return made;
    }

    private BpfMap? Pinned(string path, MapSpec map)
    {
        try
        {
            return BpfMap.OpenPinned(path, map, _settings.Kernel);
        }
        catch (KernelException e) when (e.Errno == Errno.NoEntry)
        {
            return null;
        }
    }

    private BpfMap Own(BpfMap map)
    {
        _own.Add(map);
        return map;
    }

    // What a program that is not loaded would be is left out where only one is.
    private void Fill(Predicate<MapSpec> isNow)
    {
        foreach (var map in _new.Where(m => isNow(m.Spec)))
        {
            if (_settings.Only is not null && map.Type == MapType.ProgramArray)
            {
                map.Spec.Contents.RemoveAll(c => c.Reference is { } name && !_programs.ContainsKey(name));
            }

            map.Fill(name => _maps.TryGetValue(name, out var other) ? other.Descriptor
                : _programs.TryGetValue(name, out var program) ? program.Descriptor
                : throw new KernelException(Errno.NoEntry, $"map {map.Name}", $"it holds {name}, which is not loaded"));
        }
    }
}
