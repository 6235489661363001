using Weft.Bpf.Kernel;

namespace Weft.Bpf.Loading;

/// <summary>Makes the maps that are structures of operations, and tells programs which operation they are.</summary>
/// <param name="programs">Those that are loaded, now and later.</param>
internal sealed class StructOpsLoader(
    ObjectSpec spec, IKernel kernel, TargetTypes target, IReadOnlyDictionary<string, BpfProgram> programs)
{
    private readonly Dictionary<MapSpec, StructOpsLayout> _layouts = [];

    // The maps that each program is an operation of.
    private readonly ILookup<string, MapSpec> _owners = spec.Maps.Values
        .SelectMany(m => m.Operations?.Programs.Values.Select(name => (name, m)) ?? []).ToLookup(p => p.name, p => p.m);

    /// <summary>Whether a program is loaded with its object: an operation where one of its structures is.</summary>
    public bool Loads(ProgramSpec program) => _owners[program.Name].Select(m => (bool?)m.Loads).Max() ?? program.Loads;

    /// <summary>The structures that a program is an operation of.</summary>
    public IEnumerable<string> MapsOf(ProgramSpec program) => _owners[program.Name].Select(m => m.Name).Distinct();

    /// <summary>Which member of which structure a program is; null where it is no operation.</summary>
    /// <exception cref="KernelException">No structure has it, or several do in different places.</exception>
    public uint? MemberOf(ProgramSpec program, ref (uint Type, int Owner) attach)
    {
        if (program.Type != ProgramType.StructOps)
        {
            return null;
        }

        var places = _owners[program.Name].Select(Layout)
            .SelectMany(l => l.Programs.Where(p => p.Name == program.Name).Select(p => (l.Type, l.Module, p.Member))).Distinct().ToList();
        if (places is not [var (type, module, member)])
        {
            throw new KernelException(Errno.Invalid, $"attach target of {program.Name}", places.Count == 0
                ? "no structure of a section .struct_ops has it as a member"
                : "it is several operations: give each a program of its own");
        }

        attach = (type, module is null ? 0 : target.Descriptor(module));
        return member;
    }

    /// <summary>Makes a map.</summary>
    /// <param name="types">The object's own types in the kernel, which the kernel wants though the value's type is its own.</param>
    public BpfMap Create(MapSpec map, BpfDescriptor? types)
    {
        var layout = Layout(map);
        var made = new MapSpec
        {
            Name = map.Name,
            Type = map.Type,
            KeySize = map.KeySize,
            ValueSize = (uint)layout.Value.Length,
            MaxEntries = map.MaxEntries,
            Flags = map.Flags | (layout.Module is null ? 0 : MapCreateFlags.ModuleValueType),
            KernelValueType = layout.ValueType,
            KernelTypesOwner = layout.Module is null ? 0 : target.Descriptor(layout.Module),
        };
        return BpfMap.Create(made, kernel, null, types, new(layout.Value, [.. layout.Programs.Select(p => (p.Name, p.Offset))], programs));
    }

    private StructOpsLayout Layout(MapSpec map)
    {
        if (!_layouts.TryGetValue(map, out var layout))
        {
            layout = StructOpsLayout.Of(map, target);
            _layouts.Add(map, layout);
        }

        return layout;
    }
}
