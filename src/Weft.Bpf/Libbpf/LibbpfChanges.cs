using Weft.Bpf.Kernel;
using Weft.Bpf.Linking;
using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// Tells libbpf in what a spec and its settings differ from the file. What nobody has changed is left as libbpf has read it.
/// </summary>
internal sealed class LibbpfChanges(LibbpfObject handle, ObjectSpec spec, LoadSettings settings, LibbpfMessages messages)
{
    private readonly ObjectSpec _file = ObjectSpec.Parse(spec.File!.Value, spec.Name);

    /// <param name="wanted">The programs that are loaded.</param>
    /// <exception cref="BpfNotSupportedException">libbpf has no way to change that.</exception>
    /// <exception cref="KernelException">libbpf refused a change.</exception>
    public void Apply(IReadOnlyCollection<ProgramSpec> wanted)
    {
        foreach (var program in wanted)
        {
            if (!handle.Programs.TryGetValue(program.Name, out var native) || !_file.Programs.TryGetValue(program.Name, out var before)
                || !program.Entry.Code.AsSpan().SequenceEqual(before.Entry.Code.AsSpan()))
            {
                throw new BpfNotSupportedException(
                    $"libbpf finds no such program {program.Name} in the file of {spec.Name}: load it with the managed back-end");
            }

            Apply(program, before, native);
        }

        var names = wanted.Select(p => p.Name).ToHashSet();
        foreach (var (name, program) in handle.Programs)
        {
            Check(LibbpfCalls.ProgramLoads(program, names.Contains(name)), $"program {name}");
        }

        ApplyToMaps(settings.Only is { } only ? Needed(only) : null);
    }

    private void Apply(ProgramSpec program, ProgramSpec before, nint native)
    {
        var stage = $"program {program.Name}";
        if (program.Type != before.Type)
        {
            Check(LibbpfCalls.ProgramType(native, (uint)program.Type), stage);
        }

        if (program.AttachType != before.AttachType)
        {
            Check(LibbpfCalls.ProgramAttachType(native, (uint)program.AttachType), stage);
        }

        if (program.Flags != before.Flags)
        {
            Check(LibbpfCalls.ProgramSetFlags(native, LibbpfCalls.ProgramFlags(native) | program.Flags), stage);
        }

        var isOfTypes = (program.Traits & SectionTraits.Btf) != 0;
        if (program.TargetProgram is { } other)
        {
            using var use = new DescriptorUse(other.Descriptor);
            Check(LibbpfCalls.ProgramTarget(native, (int)use.Number, program.Target ?? other.Name), stage);
        }
        else if (isOfTypes && program.Target != before.Target)
        {
            Check(LibbpfCalls.ProgramTarget(native, 0, program.Target), stage);
        }
    }

    private void ApplyToMaps(HashSet<string>? needed)
    {
        if (spec.Maps.Keys.FirstOrDefault(name => !handle.Maps.ContainsKey(name)) is { } unknown)
        {
            throw new BpfNotSupportedException($"libbpf finds no map {unknown} in the file of {spec.Name}: load it with the managed back-end");
        }

        foreach (var (name, native) in handle.Maps)
        {
            if (settings.PinFolder is null)
            {
                Check(LibbpfCalls.MapPin(native, null), $"map {name}");
            }

            if (needed?.Contains(name) == false)
            {
                LeaveOut(name, native);
            }
            else if (settings.Maps.TryGetValue(name, out var given))
            {
                using var use = new DescriptorUse(given.Descriptor);
                Check(LibbpfCalls.MapReuse(native, (int)use.Number), $"map {name}");
            }
            else if (spec.Maps.TryGetValue(name, out var map) && _file.Maps.TryGetValue(name, out var before) && name != ExternReader.Config)
            {
                new LibbpfMapChanges(map, before, settings, Check).Apply(native);
            }
        }
    }

    private void LeaveOut(string name, nint native)
    {
        Check(LibbpfCalls.MapIsMade(native, false), $"map {name}");

        // Maps of programs are filled though they are not made, which fails; those of another type are not.
        if (spec.Maps.TryGetValue(name, out var map) && map.Type == MapType.ProgramArray)
        {
            Check(LibbpfCalls.MapType(native, (uint)MapType.Array), $"map {name}");
        }
    }

    // The maps that a program uses, and those that stand in them.
    private HashSet<string> Needed(ProgramSpec program)
    {
        var outline = spec.Outline(program);
        var needed = outline.Maps.ToHashSet();
        needed.UnionWith(outline.Maps.SelectMany(m => spec.Maps.GetValueOrDefault(m)?.Contents ?? []).Select(c => c.Reference).OfType<string>());
        if (outline.Needs.Any(n => spec.Externs.GetValueOrDefault(n)?.Kind == ExternKind.Config))
        {
            needed.Add(ExternReader.Config);
        }

        return needed;
    }

    private void Check(int result, string stage)
    {
        if (result < 0)
        {
            throw new KernelException(-result, $"libbpf: {stage}", LibbpfErrors.Hint(-result, messages));
        }
    }
}
