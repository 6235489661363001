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
    private readonly StructOpsLoader _operations;
    private readonly Lazy<CoReRelocator> _relocator;
    private readonly Dictionary<CodeFunction, Instruction[]> _code = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly List<BpfMap> _own = [];
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly List<ProgramResult> _results = [];
    private readonly LogExplainer _explainer;
    private readonly ProgramLoader _loader;
    private readonly ChoiceLoader _choices;
    private BpfDescriptor? _types;

    // How many instructions the program that is tried has, when they are given to the kernel.
    private int _sent;

    private ObjectLoader(ObjectSpec spec, LoadSettings settings)
    {
        _spec = spec;
        _settings = settings;
        _target = new(settings);
        _externs = new(spec, settings.Kernel, _target);
        _operations = new(spec, settings.Kernel, _target, _programs);
        _explainer = new(_externs);
        _loader = new(spec, settings);
        _choices = new(spec, LoadProgram, GiveUp, FillProgramArrays, _programs, settings.Attaches);
        _relocator = new(() => new(spec.Types!, [_target.Fields], () => _target.Modules));
    }

    public static BpfObject Load(ObjectSpec spec, LoadSettings settings)
    {
        if (spec.IsBigEndian == BitConverter.IsLittleEndian)
        {
            throw new BpfFormatException($"{spec.Name} is for a machine with another order of bytes");
        }

        using var loader = new ObjectLoader(
            spec, settings.Token is { } token ? settings with { Kernel = token.Over(settings.Kernel) } : settings);
        try
        {
            return loader.Run();
        }
        catch
        {
            loader._choices.Links.Values.ToList().ForEach(l => l.Dispose());
            loader._own.ForEach(m => m.Dispose());
            loader._programs.Values.ToList().ForEach(p => p.Dispose());
            throw;
        }
    }

    public void Dispose() => _target.Dispose();

    private BpfObject Run()
    {
        using var types = OwnTypes.Load(_spec, _settings.Kernel);
        _types = types?.Descriptor;
        if (_settings.Only is null && _settings.Choice is null)
        {
            foreach (var map in _spec.Maps.Values.Where(m => m.Loads))
            {
                EnsureMap(map);
            }
        }

        var chosen = _settings.Choice?.Names.ToHashSet() ?? [];
        foreach (var program in _spec.Programs.Values.Where(p => _settings.Only is { } only ? p == only : _operations.Loads(p) && !chosen.Contains(p.Name)))
        {
            Attempt(program);
        }

        var report = _settings.Choice is { } choice ? _choices.Load(choice) : null;
        FillProgramArrays();
        return report is { IsTaken: false }
            ? throw new ChoiceException(report)
            : new(_spec, _maps, _own, _programs, [.. _results]) { Links = _choices.Links, Choice = report };
    }

    private bool IsConfig(string name) => _spec.Externs.GetValueOrDefault(name)?.Kind == ExternKind.Config;

    private void Attempt(ProgramSpec program)
    {
        try
        {
            LoadProgram(program);
        }
        catch (BpfException e) when (_settings.BestEffort)
        {
            _results.Add(new(program, false, e, _sent));
        }
    }

    // A program that is loaded and not taken, or was refused.
    private void GiveUp(ProgramSpec program, BpfException? error)
    {
        var before = _results.FindIndex(r => r.Program == program);
        var code = before >= 0 ? _results[before].Instructions : _sent;
        _results.RemoveAll(r => r.Program == program);
        _results.Add(new(program, false, error, code));
    }

    private BpfProgram LoadProgram(ProgramSpec spec)
    {
        _sent = 0;
        var program = ProgramLinker.Link(_spec, spec, Code);
        foreach (var map in program.Maps.Concat(program.Externs.Any(IsConfig) ? [ExternReader.Config] : []).Concat(_operations.MapsOf(spec)))
        {
            EnsureMap(_spec.Maps.GetValueOrDefault(map) ?? throw new BpfFormatException($"there is no map {map}"));
        }

        foreach (var reference in program.References)
        {
            Resolve(program.Code, reference);
        }

        _sent = program.Code.Length;
        var attach = (spec.Traits & SectionTraits.Btf) != 0 ? AttachTarget.Find(spec, _target) : default;
        var member = _operations.MemberOf(spec, ref attach);
        var loaded = _loader.Load(program, attach, member, _types, _externs.Descriptors, _maps, _explainer.Line);
        _programs[spec.Name] = loaded;

        // A choice may have given it up before.
        _results.RemoveAll(r => r.Program == spec);
        _results.Add(new(spec, true, null, _sent) { Code = program.Code });
        return loaded;
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

    // What it holds must be there before. Maps in maps hold none themselves.
    private void EnsureMap(MapSpec map)
    {
        if (_maps.ContainsKey(map.Name))
        {
            return;
        }

        foreach (var name in map.Contents.Select(c => c.Reference).OfType<string>())
        {
            if (map.Inner is not null && _spec.Maps.TryGetValue(name, out var held) && held.Inner is null)
            {
                EnsureMap(held);
            }
        }

        _maps[map.Name] = _settings.Maps.TryGetValue(map.Name, out var other) ? other : Map(map);
    }

    private BpfMap Map(MapSpec map)
    {
        if (map.PinByName && (map.Name.Contains('/') || map.Name.StartsWith('.')))
        {
            throw new BpfFormatException($"map {map.Name} cannot be pinned by such a name");
        }

        var pin = map.PinByName && _settings.PinFolder is { } folder ? Path.Combine(folder, map.Name) : null;
        if (pin is not null && Pinned(pin, map) is { } pinned)
        {
            return Own(pinned);
        }

        if (map.Name == ExternReader.Config)
        {
            _externs.FillConfig(map);
        }

        if (map.Operations is not null)
        {
            return Own(_operations.Create(map, _types));
        }

        using var inner = map.Inner is null ? null : BpfMap.Create(map.Inner, _settings.Kernel, types: _types);
        var made = Own(BpfMap.Create(DataMaps.Named(map, _spec), _settings.Kernel, inner, _types));
        FillAtOnce(made);
        return pin is null ? made : PinOrTake(made, pin, map);
    }

    private void FillAtOnce(BpfMap made)
    {
        if (made.Type == MapType.Arena)
        {
            // Before programs are loaded, whose code has its address.
            made.Arena.Fill(made.Spec.Contents);
            return;
        }

        MapLayout.CheckContents(made.Spec);
        if (made.Type != MapType.ProgramArray)
        {
            Fill(made);
        }
    }

    // Another process may have been faster.
    private BpfMap PinOrTake(BpfMap made, string pin, MapSpec map)
    {
        try
        {
            made.Pin(pin);
            return made;
        }
        catch (KernelException e) when (e.Errno == Errno.Exists && Pinned(pin, map) is { } other)
        {
            return Own(other);
        }
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

    // What is not loaded is left out where not all are wanted.
    private void FillProgramArrays()
    {
        var mayLack = _settings.Only is not null || _settings.Choice is not null || _settings.BestEffort;
        foreach (var (name, map) in _maps.Where(m => m.Value.Type == MapType.ProgramArray))
        {
            // Also one that was pinned before: it has the programs of another time.
            foreach (var content in _spec.Maps[name].Contents)
            {
                if (content.Reference is { } program && _programs.TryGetValue(program, out var loaded))
                {
                    map.Update(content.Key.Span, loaded);
                }
                else if (!mayLack)
                {
                    throw new KernelException(Errno.NoEntry, $"map {name}", $"it holds {content.Reference}, which is not loaded");
                }
            }
        }
    }

    private void Fill(BpfMap map) => map.Fill(name => _maps.TryGetValue(name, out var other)
        ? other.Descriptor
        : throw new KernelException(Errno.NoEntry, $"map {map.Name}", $"it holds {name}, which is no map"));
}
