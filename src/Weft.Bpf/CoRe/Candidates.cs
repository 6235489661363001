using Weft.Bpf.Btf;

namespace Weft.Bpf.CoRe;

/// <summary>A type of the kernel that one of the object's may stand for.</summary>
internal readonly record struct Candidate(CoReTypes Types, uint Id);

/// <summary>
/// The kernel's types of the same name and kind for each of the object's that relocations begin at. What does not match one
/// relocation is no candidate for later ones: an object that asks for a field wants the type that has it.
/// </summary>
internal sealed class Candidates(CoReTypes local, IReadOnlyList<BtfSpec> kernel, Func<IReadOnlyList<BtfSpec>>? modules)
{
    private readonly Dictionary<uint, List<Candidate>> _ofType = [];
    private readonly Lazy<CoReTypes[]> _kernel = new(() => [.. kernel.Select(CoReTypes.OfKernel)]);
    private readonly Lazy<CoReTypes[]> _modules = new(() => modules is null ? [] : [.. modules().Select(CoReTypes.OfKernel)]);

    /// <summary>The list for one of the object's types, which the caller shortens.</summary>
    public List<Candidate> Of(uint type)
    {
        if (!_ofType.TryGetValue(type, out var candidates))
        {
            candidates = Find(type, _kernel.Value);
            _ofType[type] = candidates = candidates.Count > 0 ? candidates : Find(type, _modules.Value);
        }

        return candidates;
    }

    private List<Candidate> Find(uint type, CoReTypes[] files)
    {
        var name = BtfName.Essential(local.File.NameBytes(type));
        var found = new List<Candidate>(1);
        foreach (var types in files)
        {
            foreach (var id in types.File.FindOwnFlavours(name))
            {
                if (CoReTypes.SameKind(local.Open(type), types.Open(id)))
                {
                    found.Add(new(types, id));
                }
            }
        }

        return found;
    }
}
