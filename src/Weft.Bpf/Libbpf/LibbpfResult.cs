using System.Collections.Immutable;
using Weft.Bpf.Kernel;
using Weft.Bpf.Loading;

namespace Weft.Bpf.Libbpf;

/// <summary>Makes of what libbpf has loaded the same as the managed loader makes: maps and programs with descriptors of our own.</summary>
internal sealed class LibbpfResult(LibbpfObject handle, ObjectSpec spec, LoadSettings settings)
{
    private readonly IKernel _kernel = settings.Kernel;
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly List<BpfMap> _own = [];
    private readonly Dictionary<string, BpfProgram> _programs = [];

    /// <exception cref="KernelException">The process may have no more descriptors, or a map does not take what it is to hold.</exception>
    public BpfObject Make(ImmutableArray<ProgramResult> results)
    {
        try
        {
            foreach (var (name, map) in handle.Maps)
            {
                Add(name, map);
            }

            foreach (var program in results.Where(r => r.Loaded).Select(r => r.Program))
            {
                Add(program, handle.Programs[program.Name]);
            }

            return new(spec, _maps, _own, _programs, results) { Native = handle };
        }
        catch
        {
            _own.ForEach(m => m.Dispose());
            _programs.Values.ToList().ForEach(p => p.Dispose());
            throw;
        }
    }

    private void Add(string name, nint map)
    {
        if (settings.Maps.TryGetValue(name, out var given))
        {
            _maps[name] = given;
        }
        else if (LibbpfCalls.MapDescriptor(map) is var number and >= 0)
        {
            var expected = spec.Maps.TryGetValue(name, out var known) ? DataMaps.Named(known, spec) : null;
            _maps[name] = BpfMap.Adopt(Copy(number, name), _kernel, expected, new(handle, map));
            _own.Add(_maps[name]);
        }
    }

    private void Add(ProgramSpec program, nint native)
    {
        // libbpf attaches by the section alone.
        var follows = SectionName.Of(program.Section.TrimStart('?'))?.Target == program.Target;
        _programs[program.Name] = new(
            _kernel, Copy(LibbpfCalls.ProgramDescriptor(native), program.Name), program.Name, program.Type, program.AttachType,
            program.Section, program.Target)
        { Needs = _maps, Native = follows ? new(handle, native) : null };
    }

    private BpfDescriptor Copy(int number, string name) =>
        BpfDescriptor.Of(_kernel, _kernel.Duplicate(number, 1), $"duplicate {name}");
}
