using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>
/// Fits instructions to the types of a kernel, by the rules of libbpf. One serves all programs of an object, from one
/// thread: what is known of a type is kept for the next relocation.
/// </summary>
/// <param name="local">The object's types.</param>
/// <param name="kernel">The kernel's: of <c>vmlinux</c>, or of a file that stands for it.</param>
/// <param name="modules">Those of the loaded modules; asked for once, when <paramref name="kernel"/> has no type of a name.</param>
/// <param name="steps">How many comparisons the object may cost.</param>
internal sealed class CoReRelocator(
    BtfSpec local, IReadOnlyList<BtfSpec> kernel, Func<IReadOnlyList<BtfSpec>>? modules = null, long steps = WorkLimit.Usual)
{
    private readonly CoReTypes _local = CoReTypes.OfObject(local);
    private readonly Candidates _candidates = new(CoReTypes.OfObject(local), kernel, modules);
    private readonly Dictionary<(uint Type, string Access, CoReKind Kind), Resolution> _resolved = [];
    private readonly WorkLimit _work = new(steps);

    /// <summary>Patches the instruction of one relocation.</summary>
    /// <param name="program">The program, as it is in the file.</param>
    /// <param name="relocation">The relocation.</param>
    /// <param name="programName">How errors name the program.</param>
    /// <exception cref="CoReException">
    /// The kernel's types contradict each other, or the relocation contradicts the object's types or the instruction.
    /// </exception>
    public void Apply(Span<Instruction> program, CoReRelocation relocation, string programName)
    {
        try
        {
            InstructionPatch.Apply(program, relocation.Instruction, Resolve(relocation));
        }
        catch (BpfFormatException e)
        {
            var what = $"{relocation.Kind.Text()} of {AccessText.Of(_local, relocation)}";
            throw new CoReException($"program {programName}, instruction {relocation.Instruction}, {what}: {e.Message}", e);
        }
    }

    // Relocations that are repeated, as in unrolled loops, are answered once. Candidates that are dropped in between do not
    // change an answer: those that remain had a part in it, or none had.
    private Resolution Resolve(CoReRelocation relocation)
    {
        var key = (relocation.Type, relocation.Access, relocation.Kind);
        if (!_resolved.TryGetValue(key, out var resolution))
        {
            _resolved[key] = resolution = Resolve(relocation.Kind, LocalAccess.Of(_local, relocation));
        }

        return resolution;
    }

    private Resolution Resolve(CoReKind kind, AccessPath path)
    {
        _work.Spend();
        if (kind == CoReKind.TypeIdLocal)
        {
            return new(new(path.Root, IsCertain: false), new(path.Root));
        }

        if (local.NameBytes(path.Root).IsEmpty)
        {
            throw new BpfFormatException("a type without a name cannot be found in the kernel");
        }

        if (kernel.Count == 0)
        {
            throw new BpfFormatException("the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)");
        }

        return Match(kind, path);
    }

    private Resolution Match(CoReKind kind, AccessPath path)
    {
        Resolution? agreed = null;
        long offset = 0;
        var candidates = _candidates.Of(path.Root);
        var matching = new List<Candidate>(candidates.Count);
        foreach (var candidate in candidates)
        {
            if (TargetAccess.Find(kind, path, candidate.Types, candidate.Id, _work) is { } found)
            {
                var resolution = Resolution.Found(kind, path, found, local.IsBigEndian);
                agreed = agreed is { } first ? Agree(first, resolution, offset, found.BitOffset) : resolution;
                offset = found.BitOffset;
                matching.Add(candidate);
            }
        }

        if (agreed is { } answer)
        {
            candidates.Clear();
            candidates.AddRange(matching);
            return answer;
        }

        return Resolution.Missing(kind, path, local.IsBigEndian);
    }

    // libbpf takes the size of the first. That matters to loads and stores only, and InstructionPatch refuses it for them.
    private static Resolution Agree(in Resolution first, in Resolution other, long offset, long otherOffset) =>
        offset != otherOffset || first.New.Number != other.New.Number
            ? throw new BpfFormatException(
                $"it is ambiguous, for the kernel has several types of this name: {Text(first, offset)} or {Text(other, otherOffset)}")
            : first with { AgreesOnSize = first.AgreesOnSize && first.New.Size == other.New.Size && first.CanResize == other.CanResize };

    private static string Text(in Resolution resolution, long bits) =>
        $"{(long)resolution.New.Number}{(bits > 0 ? $" at bit {bits}" : "")}";
}
